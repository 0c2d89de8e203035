using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace QuantumFed.Protocol;

/// <summary>
/// Writes the canonical bytes of records: unsigned integers big-endian at fixed width; byte strings, texts (UTF-8) and lists with a
/// 32-bit count before them; digests as their 32 bytes. One value has exactly one encoding, which is what gets signed and hashed.
/// </summary>
public sealed class CanonicalWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The bytes written so far, in a new array.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>One byte.</summary>
    public CanonicalWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    /// <summary>Two bytes, big-endian.</summary>
    public CanonicalWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
        return this;
    }

    /// <summary>Four bytes, big-endian.</summary>
    public CanonicalWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    /// <summary>Eight bytes, big-endian.</summary>
    public CanonicalWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>32 bytes.</summary>
    public CanonicalWriter Digest(Digest value)
    {
        value.CopyTo(_buffer.GetSpan(Protocol.Digest.SizeInBytes));
        _buffer.Advance(Protocol.Digest.SizeInBytes);
        return this;
    }

    /// <summary>A 32-bit length, then the bytes.</summary>
    public CanonicalWriter Bytes(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>A 32-bit length in bytes, then UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has half a surrogate pair, for which there is no UTF-8.</exception>
    public CanonicalWriter Text(string value) => Bytes(StrictUtf8.GetBytes(value));

    /// <summary>A member's name, as a text.</summary>
    public CanonicalWriter Member(MemberId value) => Text(value.Name);

    /// <summary>A 32-bit count, then each item as <paramref name="write"/> writes it.</summary>
    public CanonicalWriter List<T>(IReadOnlyCollection<T> items, Action<CanonicalWriter, T> write)
    {
        UInt32((uint)items.Count);
        foreach (T item in items)
            write(this, item);
        return this;
    }
}
