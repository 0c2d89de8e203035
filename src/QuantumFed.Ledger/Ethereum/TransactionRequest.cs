using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// What an account signs: a legacy transaction (type 0, EIP-155 when it has a chain id) or one of EIP-1559 (type 2, with an empty
/// access list).
/// </summary>
public sealed record TransactionRequest
{
    /// <summary>Whether the transaction is of the legacy type; then <see cref="MaxFeePerGas"/> is its gas price.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>The chain it is for; null only for legacy transactions that any chain would take.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>How many transactions the account sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>The tip, in wei per gas; not for legacy transactions.</summary>
    public BigInteger MaxPriorityFeePerGas { get; init; }

    /// <summary>The highest price, in wei per gas. The consortium's chains have a price of zero.</summary>
    public BigInteger MaxFeePerGas { get; init; }

    /// <summary>The most gas it may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>The account or contract called; null creates a contract.</summary>
    public EthereumAddress? To { get; init; }

    /// <summary>The amount sent, in wei.</summary>
    public BigInteger Value { get; init; }

    /// <summary>The call's data, or the contract's creation code and arguments.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The bytes whose Keccak-256 is signed.</summary>
    /// <exception cref="InvalidOperationException">A transaction of type 2 has no chain id.</exception>
    public byte[] EncodeForSigning()
    {
        if (!IsLegacy)
            return [2, .. RlpItem.List([.. Fields()]).Encode()];
        RlpItem[] tail = ChainId is ulong chainId ? [RlpItem.Of(chainId), RlpItem.Of(0), RlpItem.Of(0)] : [];
        return RlpItem.List([.. Fields(), .. tail]).Encode();
    }

    /// <summary>The fields up to where the signature's begin.</summary>
    internal List<RlpItem> Fields()
    {
        RlpItem to = RlpItem.Of(To?.ToArray() ?? []);
        if (IsLegacy)
            return [RlpItem.Of(Nonce), RlpItem.Of(MaxFeePerGas), RlpItem.Of(GasLimit), to, RlpItem.Of(Value), RlpItem.Of(Data)];
        ulong chainId = ChainId ?? throw new InvalidOperationException("A transaction of type 2 names its chain.");
        return
        [
            RlpItem.Of(chainId), RlpItem.Of(Nonce), RlpItem.Of(MaxPriorityFeePerGas), RlpItem.Of(MaxFeePerGas), RlpItem.Of(GasLimit),
            to, RlpItem.Of(Value), RlpItem.Of(Data), RlpItem.List(),
        ];
    }
}
