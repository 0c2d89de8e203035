using System.Buffers.Binary;
using System.Text;

namespace QuantumFed.Protocol;

/// <summary>
/// Reads canonical bytes from a stranger. The first thing that does not fit sets <see cref="Failed"/> for good, and everything read from
/// then on is empty; so a record reads all its fields and then asks once, by <see cref="Complete"/>. Never throws, never allocates more than the input is long.
/// </summary>
public ref struct CanonicalReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads from the start of <paramref name="data"/>.</summary>
    public CanonicalReader(ReadOnlySpan<byte> data) => _rest = data;

    /// <summary>Whether something did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether everything fitted and nothing is left over.</summary>
    public readonly bool Complete => !Failed && _rest.IsEmpty;

    /// <summary>Marks the input as not fitting, for a rule that the caller knows.</summary>
    public void Require(bool condition)
    {
        if (!condition)
            Fail();
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1) is { Length: 1 } b ? b[0] : (byte)0;

    /// <summary>Two bytes, big-endian.</summary>
    public ushort UInt16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : (ushort)0;

    /// <summary>Four bytes, big-endian.</summary>
    public uint UInt32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : 0;

    /// <summary>Eight bytes, big-endian.</summary>
    public ulong UInt64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64BigEndian(b) : 0;

    /// <summary>32 bytes.</summary>
    public Digest Digest() => Take(Protocol.Digest.SizeInBytes) is { Length: Protocol.Digest.SizeInBytes } b ? new Digest(b) : default;

    /// <summary>A byte string with its length before it.</summary>
    public byte[] Bytes() => Take(UInt32()).ToArray();

    /// <summary>An account or contract, written as a byte string of its 20 bytes.</summary>
    public EthereumAddress Address()
    {
        byte[] bytes = Bytes();
        Require(bytes.Length == EthereumAddress.SizeInBytes);
        return bytes.Length == EthereumAddress.SizeInBytes ? new EthereumAddress(bytes) : default;
    }

    /// <summary>A text with its length before it.</summary>
    public string Text()
    {
        ReadOnlySpan<byte> bytes = Take(UInt32());
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            Fail();
            return "";
        }
    }

    /// <summary>A member's name.</summary>
    public MemberId Member()
    {
        if (MemberId.TryParse(Text(), out MemberId id))
            return id;
        Fail();
        return default;
    }

    /// <summary>The count of a list whose items take at least <paramref name="minimumItemSize"/> bytes each; 0 once failed.</summary>
    public int Count(int minimumItemSize)
    {
        uint count = UInt32();
        if (count <= (uint)(_rest.Length / Math.Max(1, minimumItemSize)))
            return (int)count;
        Fail();
        return 0;
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (Failed || length > (uint)_rest.Length)
        {
            Fail();
            return default;
        }
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private void Fail()
    {
        Failed = true;
        _rest = default;
    }
}
