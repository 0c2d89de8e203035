using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>
/// A SHA-384 digest (FIPS 180-4): 48 bytes, a value. What the channel and the payload seal call a certificate or a link policy by.
/// Its text is 96 lower-case hexadecimal digits.
/// </summary>
public readonly record struct Sha384Digest
{
    /// <summary>The digest's length in bytes.</summary>
    public const int SizeInBytes = 48;

    private readonly ulong _a, _b, _c, _d, _e, _f;

    /// <summary>Takes the 48 bytes of a digest.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 48 bytes long.</exception>
    public Sha384Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeInBytes)
            throw new ArgumentException($"A SHA-384 digest has {SizeInBytes} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
        _e = BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]);
        _f = BinaryPrimitives.ReadUInt64BigEndian(bytes[40..]);
    }

    /// <summary>SHA-384 of <paramref name="data"/>.</summary>
    public static Sha384Digest Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SizeInBytes];
        SHA384.HashData(data, hash);
        return new Sha384Digest(hash);
    }

    /// <summary>Reads 96 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Sha384Digest Parse(string text) =>
        TryParse(text, out Sha384Digest digest)
            ? digest
            : throw new FormatException($"'{text}' is not a SHA-384 digest of {2 * SizeInBytes} hexadecimal digits.");

    /// <summary>Reads 96 hexadecimal digits; <see langword="false"/> if the text is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Sha384Digest digest)
    {
        digest = default;
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        if (text is null
            || text.Length != 2 * SizeInBytes
            || Convert.FromHexString(text, bytes, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != SizeInBytes)
            return false;
        digest = new Sha384Digest(bytes);
        return true;
    }

    /// <summary>Writes the 48 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 48 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < SizeInBytes)
            throw new ArgumentException($"A SHA-384 digest needs {SizeInBytes} bytes.", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
        BinaryPrimitives.WriteUInt64BigEndian(destination[32..], _e);
        BinaryPrimitives.WriteUInt64BigEndian(destination[40..], _f);
    }

    /// <summary>The 48 bytes, in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeInBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>96 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
