using System.Collections.Immutable;
using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What an account signs: a transaction of type 0 (EIP-155 when it has a chain id), 1 (EIP-2930) or 2 (EIP-1559).</summary>
public sealed record TransactionRequest
{
    /// <summary>The type.</summary>
    public TransactionType Type { get; init; } = TransactionType.DynamicFee;

    /// <summary>The chain it is for; null only for legacy transactions that any chain would take.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>How many transactions the account sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>The tip, in wei per gas; of type 2 only.</summary>
    public BigInteger MaxPriorityFeePerGas { get; init; }

    /// <summary>The highest price, in wei per gas; of types 0 and 1, the price. The consortium's chains have a price of zero.</summary>
    public BigInteger MaxFeePerGas { get; init; }

    /// <summary>The most gas it may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>The account or contract called; null creates a contract.</summary>
    public EthereumAddress? To { get; init; }

    /// <summary>The amount sent, in wei.</summary>
    public BigInteger Value { get; init; }

    /// <summary>The call's data, or the contract's creation code and arguments.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What it says it will touch; not of legacy transactions.</summary>
    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>The bytes whose Keccak-256 is signed.</summary>
    /// <exception cref="InvalidOperationException">A transaction of type 1 or 2 has no chain id.</exception>
    public byte[] EncodeForSigning()
    {
        if (Type != TransactionType.Legacy)
            return [(byte)Type, .. RlpItem.List([.. Fields()]).Encode()];
        RlpItem[] tail = ChainId is ulong chainId ? [RlpItem.Of(chainId), RlpItem.Of(0), RlpItem.Of(0)] : [];
        return RlpItem.List([.. Fields(), .. tail]).Encode();
    }

    /// <summary>The fields up to where the signature's begin.</summary>
    internal List<RlpItem> Fields()
    {
        RlpItem to = RlpItem.Of(To?.ToArray() ?? []);
        RlpItem[] call = [RlpItem.Of(MaxFeePerGas), RlpItem.Of(GasLimit), to, RlpItem.Of(Value), RlpItem.Of(Data)];
        if (Type == TransactionType.Legacy)
            return [RlpItem.Of(Nonce), .. call];
        ulong chainId = ChainId ?? throw new InvalidOperationException("A transaction of type 1 or 2 names its chain.");
        RlpItem[] tip = Type == TransactionType.DynamicFee ? [RlpItem.Of(MaxPriorityFeePerGas)] : [];
        return [RlpItem.Of(chainId), RlpItem.Of(Nonce), .. tip, .. call, AccessListEntry.ToRlp(AccessList)];
    }
}
