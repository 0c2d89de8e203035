using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace QuantumFed.Ledger;

/// <summary>
/// Recursive length prefix (Yellow Paper, appendix B): an item is a byte string or a list of items. Immutable. Decoding is strict, so
/// that <see cref="Encode"/> after <see cref="TryDecode"/> gives the same bytes.
/// </summary>
public sealed class RlpItem
{
    // Nothing on the chain nests deeper than 4; a bound keeps hostile nesting from exhausting the stack.
    private const int MaxDepth = 64;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly RlpItem[]? _items;

    private RlpItem(ReadOnlyMemory<byte> bytes, RlpItem[]? items)
    {
        _bytes = bytes;
        _items = items;
    }

    /// <summary>Whether the item is a list.</summary>
    [MemberNotNullWhen(true, nameof(_items))]
    public bool IsList => _items is not null;

    /// <summary>The byte string; empty for a list.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The list's items; empty for a byte string.</summary>
    public IReadOnlyList<RlpItem> Items => _items ?? [];

    /// <summary>A byte string; the memory is referred to, not copied.</summary>
    public static RlpItem Of(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    /// <summary>A byte string; the array is referred to, not copied.</summary>
    public static RlpItem Of(byte[] bytes) => new(bytes, null);

    /// <summary>An integer: big-endian without leading zeros, zero being the empty string.</summary>
    public static RlpItem Of(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Of(bytes.AsMemory(BitOperations.LeadingZeroCount(value) / 8));
    }

    /// <summary>An integer: big-endian without leading zeros, zero being the empty string.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
    public static RlpItem Of(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value.IsZero ? Of(ReadOnlyMemory<byte>.Empty) : Of(value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>A list; the array is referred to, not copied.</summary>
    public static RlpItem List(params RlpItem[] items) => new(default, items);

    /// <summary>The item's only encoding.</summary>
    public byte[] Encode()
    {
        byte[] encoded = new byte[EncodedLength];
        int written = Write(encoded);
        return written == encoded.Length ? encoded : throw new InvalidOperationException("The encoding's length was counted wrongly.");
    }

    /// <summary>Reads exactly one item; <see langword="false"/> if the bytes are anything else, or not the shortest encoding.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out RlpItem? item) =>
        TryRead(encoded, 0, out item, out int length) && length == encoded.Length;

    /// <summary>The byte string as an integer of up to 64 bits; <see langword="false"/> for a list, a longer string or leading zeros.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        value = 0;
        ReadOnlySpan<byte> bytes = _bytes.Span;
        if (IsList || bytes.Length > 8 || (bytes.Length > 0 && bytes[0] == 0))
            return false;
        foreach (byte b in bytes)
            value = value << 8 | b;
        return true;
    }

    /// <summary>The byte string as an integer of up to 256 bits; <see langword="false"/> for a list, a longer string or leading zeros.</summary>
    public bool TryReadUInt256(out BigInteger value)
    {
        value = default;
        ReadOnlySpan<byte> bytes = _bytes.Span;
        if (IsList || bytes.Length > 32 || (bytes.Length > 0 && bytes[0] == 0))
            return false;
        value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        return true;
    }

    private int PayloadLength => IsList ? _items.Sum(item => item.EncodedLength) : _bytes.Length;

    private int EncodedLength
    {
        get
        {
            int payload = PayloadLength;
            return IsSingleByte ? 1 : payload + 1 + (payload < 56 ? 0 : LengthBytes(payload));
        }
    }

    private bool IsSingleByte => !IsList && _bytes.Length == 1 && _bytes.Span[0] < 0x80;

    private static int LengthBytes(int length) => 4 - BitOperations.LeadingZeroCount((uint)length) / 8;

    private int Write(Span<byte> destination)
    {
        if (IsSingleByte)
        {
            destination[0] = _bytes.Span[0];
            return 1;
        }
        int payload = PayloadLength;
        byte offset = (byte)(IsList ? 0xC0 : 0x80);
        int position = 1;
        if (payload < 56)
        {
            destination[0] = (byte)(offset + payload);
        }
        else
        {
            int lengthBytes = LengthBytes(payload);
            destination[0] = (byte)(offset + 55 + lengthBytes);
            for (int i = lengthBytes - 1; i >= 0; i--)
                destination[position++] = (byte)(payload >> (8 * i));
        }
        if (!IsList)
        {
            _bytes.Span.CopyTo(destination[position..]);
            return position + payload;
        }
        foreach (RlpItem item in _items)
            position += item.Write(destination[position..]);
        return position;
    }

    private static bool TryRead(ReadOnlyMemory<byte> source, int depth, [NotNullWhen(true)] out RlpItem? item, out int length)
    {
        item = null;
        length = 0;
        if (depth > MaxDepth)
            return false;
        if (!TryReadHeader(source.Span, out bool list, out int header, out int payload))
            return false;
        ReadOnlyMemory<byte> content = source.Slice(header, payload);
        length = header + payload;
        if (!list)
        {
            item = Of(content);
            return true;
        }
        List<RlpItem> items = [];
        while (!content.IsEmpty)
        {
            if (!TryRead(content, depth + 1, out RlpItem? inner, out int used))
                return false;
            items.Add(inner);
            content = content[used..];
        }
        item = List([.. items]);
        return true;
    }

    /// <summary>
    /// Reads where an item's content stands: <paramref name="payload"/> bytes after <paramref name="header"/>, both within the source. A single
    /// byte below 0x80 has no header. <see langword="false"/> if there is no item, or its length is not written in the shortest way.
    /// </summary>
    internal static bool TryReadHeader(ReadOnlySpan<byte> source, out bool isList, out int header, out int payload)
    {
        isList = false;
        header = 0;
        payload = 1;
        if (source.IsEmpty)
            return false;
        if (source[0] < 0x80)
            return true;
        isList = source[0] >= 0xC0;
        return TryReadLength(source, isList ? 0xC0 : 0x80, out header, out payload)
            && (isList || payload != 1 || source[header] >= 0x80);
    }

    private static bool TryReadLength(ReadOnlySpan<byte> source, int offset, out int header, out int payload)
    {
        header = 1;
        payload = source[0] - offset;
        if (payload > 55)
        {
            int lengthBytes = payload - 55;
            header += lengthBytes;
            if (lengthBytes > 4 || source.Length < header || source[1] == 0)
                return false;
            long value = 0;
            foreach (byte b in source.Slice(1, lengthBytes))
                value = value << 8 | b;
            if (value is < 56 or > int.MaxValue)
                return false;
            payload = (int)value;
        }
        return payload <= source.Length - header;
    }
}
