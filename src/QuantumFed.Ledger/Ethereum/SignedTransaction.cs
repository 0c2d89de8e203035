using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A signed transaction of type 0, 1 or 2, with the bytes that are sent and archived. Immutable.</summary>
public sealed class SignedTransaction
{
    private readonly byte[] _encoded;

    private SignedTransaction(TransactionRequest request, EcdsaSignature signature, byte[] encoded)
    {
        Request = request;
        Signature = signature;
        _encoded = encoded;
        Hash = Keccak256.DigestOf(encoded);
    }

    /// <summary>What was signed.</summary>
    public TransactionRequest Request { get; }

    /// <summary>The signature, canonical.</summary>
    public EcdsaSignature Signature { get; }

    /// <summary>The Keccak-256 of the encoding: the transaction's name on the chain.</summary>
    public Digest Hash { get; }

    /// <summary>The canonical encoding (EIP-2718).</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>Puts a request and its signature together.</summary>
    /// <exception cref="ArgumentException">The signature is not canonical.</exception>
    public static SignedTransaction Create(TransactionRequest request, EcdsaSignature signature)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!signature.IsCanonical)
            throw new ArgumentException("The signature is not canonical (EIP-2).", nameof(signature));
        bool legacy = request.Type == TransactionType.Legacy;
        BigInteger v = !legacy ? BigInteger.Zero : request.ChainId is ulong chainId ? 2 * (BigInteger)chainId + 35 : 27;
        v += signature.IsOdd ? 1 : 0;
        byte[] rlp = RlpItem.List([.. request.Fields(), RlpItem.Of(v), RlpItem.Of(signature.R), RlpItem.Of(signature.S)]).Encode();
        return new SignedTransaction(request, signature, legacy ? rlp : [(byte)request.Type, .. rlp]);
    }

    /// <summary>
    /// Reads an encoded transaction; <see langword="false"/> if the bytes are not the canonical encoding of a transaction of type 0, 1 or 2
    /// whose signature is canonical. Whether it fits an account is <see cref="TryRecoverSender"/>.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out SignedTransaction? transaction)
    {
        transaction = null;
        if (encoded.IsEmpty)
            return false;
        bool legacy = encoded.Span[0] >= 0xC0;
        TransactionType type = legacy ? TransactionType.Legacy : (TransactionType)encoded.Span[0];
        int count = type switch { TransactionType.AccessList => 11, TransactionType.DynamicFee => 12, _ => 9 };
        if ((!legacy && type is not (TransactionType.AccessList or TransactionType.DynamicFee))
            || !RlpItem.TryDecode(legacy ? encoded : encoded[1..], out RlpItem? item) || !item.IsList || item.Items.Count != count)
            return false;
        IReadOnlyList<RlpItem> fields = item.Items;
        ulong? chainId = null;
        ImmutableArray<AccessListEntry>? accessList = [];
        bool odd;
        if (legacy)
        {
            if (!TryReadLegacyV(fields[6], out chainId, out odd))
                return false;
        }
        else
        {
            if (!fields[0].TryReadUInt64(out ulong id) || !AccessListEntry.TryReadList(fields[^4], out accessList)
                || !fields[^3].TryReadUInt64(out ulong parity) || parity > 1)
                return false;
            chainId = id;
            odd = parity == 1;
        }
        // From the gas price on, all types name the same things in the same order.
        int nonceAt = legacy ? 0 : 1;
        int price = type == TransactionType.DynamicFee ? 3 : nonceAt + 1;
        BigInteger tip = BigInteger.Zero;
        if (type == TransactionType.DynamicFee && !fields[2].TryReadUInt256(out tip))
            return false;
        RlpItem to = fields[price + 2], data = fields[price + 4];
        if (!fields[nonceAt].TryReadUInt64(out ulong nonce) || !fields[price].TryReadUInt256(out BigInteger fee)
            || !fields[price + 1].TryReadUInt64(out ulong gas) || to.IsList || to.Bytes.Length is not (0 or EthereumAddress.SizeInBytes)
            || !fields[price + 3].TryReadUInt256(out BigInteger value) || data.IsList
            || !fields[^2].TryReadUInt256(out BigInteger r) || !fields[^1].TryReadUInt256(out BigInteger s))
            return false;
        EcdsaSignature signature = new(r, s, odd);
        if (!signature.IsCanonical)
            return false;
        TransactionRequest request = new()
        {
            Type = type,
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = tip,
            MaxFeePerGas = fee,
            GasLimit = gas,
            To = to.Bytes.IsEmpty ? null : new EthereumAddress(to.Bytes.Span),
            Value = value,
            Data = data.Bytes,
            AccessList = accessList.Value,
        };
        transaction = new SignedTransaction(request, signature, encoded.ToArray());
        return true;
    }

    /// <summary>The account that signed; <see langword="false"/> if the signature fits none.</summary>
    public bool TryRecoverSender(out EthereumAddress sender) =>
        Signature.TryRecover(Keccak256.HashData(Request.EncodeForSigning()), out sender);

    // EIP-155: v is 27 or 28 without a chain id, else 2 * chain id + 35 or 36.
    private static bool TryReadLegacyV(RlpItem item, out ulong? chainId, out bool odd)
    {
        chainId = null;
        odd = false;
        if (!item.TryReadUInt256(out BigInteger v))
            return false;
        if (v == 27 || v == 28)
        {
            odd = v == 28;
            return true;
        }
        if (v < 35 || (v - 35) >> 1 > ulong.MaxValue)
            return false;
        chainId = (ulong)((v - 35) >> 1);
        odd = v.IsEven;
        return true;
    }
}
