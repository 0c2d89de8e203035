using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Transport;

/// <summary>The id of a quantum key: a UUID, 16 bytes in its own (big-endian) order (RFC 9562), in text lowercase with hyphens.</summary>
public readonly record struct QuantumKeyId
{
    /// <summary>The length in bytes.</summary>
    public const int SizeInBytes = 16;

    private readonly UInt128 _value;

    /// <summary>Copies 16 big-endian bytes.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public QuantumKeyId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeInBytes)
            throw new ArgumentException($"A key id has {SizeInBytes} bytes, not {bytes.Length}.", nameof(bytes));
        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not a UUID.</exception>
    public static QuantumKeyId Parse(string text) =>
        TryParse(text, out QuantumKeyId id) ? id : throw new FormatException("A key id is a UUID: 32 hexadecimal digits and four hyphens, as 8-4-4-4-12.");

    /// <summary>Reads the text form, in either case: key managers differ. <see langword="false"/> if the text is not a UUID.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out QuantumKeyId id)
    {
        id = default;
        // Guid's own parser lets spaces and signs through.
        if (text is not { Length: 36 })
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
                return false;
        }
        id = new QuantumKeyId(Guid.ParseExact(text, "D").ToByteArray(bigEndian: true));
        return true;
    }

    /// <summary>The bytes, big-endian.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    /// <summary>The text form, lowercase.</summary>
    public override string ToString() => new Guid(ToArray(), bigEndian: true).ToString("D");
}
