using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>A ledger account or contract: 20 bytes. Its text is 0x and 40 lower-case hexadecimal digits; any case is read.</summary>
public readonly record struct EthereumAddress : IComparable<EthereumAddress>
{
    /// <summary>The address's length in bytes.</summary>
    public const int SizeInBytes = 20;

    // Big-endian words, so that comparing words compares bytes, which is how the contract orders accounts.
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

    /// <summary>Whether all bytes are zero: how the ledger writes "none".</summary>
    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>Reads 40 hexadecimal digits after 0x.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static EthereumAddress Parse(string text) =>
        TryParse(text, out EthereumAddress address) ? address : throw new FormatException($"'{text}' is not an address: 0x and 40 hexadecimal digits.");

    /// <summary>Reads 40 hexadecimal digits after 0x; <see langword="false"/> if the text is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthereumAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        if (text is null || text.Length != 2 + 2 * SizeInBytes || !text.StartsWith("0x", StringComparison.Ordinal)
            || Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        address = new EthereumAddress(bytes);
        return true;
    }

    /// <summary>Writes the 20 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 20 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < SizeInBytes)
            throw new ArgumentException($"An address needs {SizeInBytes} bytes.", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>The 20 bytes, in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeInBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Compares as byte strings, the contract's order.</summary>
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
