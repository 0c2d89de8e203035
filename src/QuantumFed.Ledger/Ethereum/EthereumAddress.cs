using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Ledger;

/// <summary>
/// An Ethereum account or contract: 20 bytes, the end of the Keccak-256 of an uncompressed public key, or of what created a contract
/// (Yellow Paper, section 7). Its text is 0x and 40 lower-case hexadecimal digits.
/// </summary>
public readonly record struct EthereumAddress : IComparable<EthereumAddress>
{
    /// <summary>The address's length in bytes.</summary>
    public const int SizeInBytes = 20;

    private readonly ulong _a, _b;
    private readonly uint _c;

    /// <summary>Takes the 20 bytes of an address.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 20 bytes long.</exception>
    public EthereumAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeInBytes)
            throw new ArgumentException($"An address has {SizeInBytes} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Whether all bytes are zero: how contracts write "nobody".</summary>
    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>The address of an uncompressed public key, given as x then y, 64 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="publicKey"/> is not 64 bytes long.</exception>
    public static EthereumAddress OfPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != 64)
            throw new ArgumentException("An uncompressed public key without its prefix has 64 bytes.", nameof(publicKey));
        Span<byte> hash = stackalloc byte[Keccak256.SizeInBytes];
        Keccak256.HashData(publicKey, hash);
        return new EthereumAddress(hash[12..]);
    }

    /// <summary>The address of the contract that <paramref name="creator"/> creates (CREATE) by its transaction of that nonce.</summary>
    public static EthereumAddress OfContract(EthereumAddress creator, ulong nonce)
    {
        byte[] encoded = RlpItem.List(RlpItem.Of(creator.ToArray()), RlpItem.Of(nonce)).Encode();
        return new EthereumAddress(Keccak256.HashData(encoded).AsSpan(12));
    }

    /// <summary>Reads 40 hexadecimal digits, with or without a leading 0x.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static EthereumAddress Parse(string text) =>
        TryParse(text, out EthereumAddress address)
            ? address
            : throw new FormatException($"'{text}' is not an Ethereum address of 40 hexadecimal digits.");

    /// <summary>
    /// Reads 40 hexadecimal digits of any case, with or without a leading 0x; <see langword="false"/> if the text is anything else.
    /// Mixed-case checksums (EIP-55) are not judged.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthereumAddress address)
    {
        address = default;
        if (text is null)
            return false;
        ReadOnlySpan<char> hex = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        if (hex.Length != 2 * SizeInBytes
            || Convert.FromHexString(hex, bytes, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != SizeInBytes)
            return false;
        address = new EthereumAddress(bytes);
        return true;
    }

    /// <summary>The 20 bytes, in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _b);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), _c);
        return bytes;
    }

    /// <summary>Compares as byte strings, which is how the contracts compare addresses.</summary>
    public int CompareTo(EthereumAddress other)
    {
        int order = _a.CompareTo(other._a);
        if (order == 0) order = _b.CompareTo(other._b);
        return order != 0 ? order : _c.CompareTo(other._c);
    }

    /// <summary>Less, as byte strings.</summary>
    public static bool operator <(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) < 0;

    /// <summary>Greater, as byte strings.</summary>
    public static bool operator >(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) > 0;

    /// <summary>Less or equal, as byte strings.</summary>
    public static bool operator <=(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Greater or equal, as byte strings.</summary>
    public static bool operator >=(EthereumAddress left, EthereumAddress right) => left.CompareTo(right) >= 0;

    /// <summary>0x and 40 lower-case hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToArray());
}
