using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>The polynomial hash over GF(2^128): an almost XOR universal family of functions, one for each 128-bit key.</summary>
/// <remarks>
/// <para>A message is cut into 16-byte blocks m_1, ..., m_L, the last filled up with zeros; each is read as a little-endian number whose bit i is the
/// coefficient of x^i in GF(2^128) = GF(2)[x] / (x^128 + x^7 + x^2 + x + 1). With the message's length in bytes as block m_(L+1),
/// H_k = m_1 k^(L+1) + m_2 k^L + ... + m_(L+1) k.</para>
/// <para>For different messages of at most L blocks and any c, H_k(m) + H_k(m') = c is a nonzero polynomial of degree at most L + 1 in k, so that
/// it holds for at most (L + 1) 2^-128 of the keys. For messages of equal length and c = 0 the polynomial is divisible by k^2, and it is at
/// most L 2^-128.</para>
/// <para>Time depends on lengths only. Erases key and state on <see cref="Dispose"/>. Not thread safe.</para>
/// </remarks>
internal sealed class PolynomialHash : IDisposable
{
    internal const int SizeInBytes = 16;

    // Key, sum, and the bytes that do not fill a block yet.
    private readonly byte[] _state = GC.AllocateArray<byte>(3 * SizeInBytes, pinned: true);
    private long _length;
    private bool _disposed;

    internal PolynomialHash(ReadOnlySpan<byte> key16) => key16[..SizeInBytes].CopyTo(_state);

    /// <summary>The bytes taken so far.</summary>
    internal long LengthInBytes => _length;

    private Span<byte> Key => _state.AsSpan(0, SizeInBytes);

    private Span<byte> Sum => _state.AsSpan(SizeInBytes, SizeInBytes);

    private Span<byte> Rest => _state.AsSpan(2 * SizeInBytes, SizeInBytes);

    /// <summary>Takes further bytes of the message.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int filled = (int)(_length % SizeInBytes);
        _length += bytes.Length;
        if (filled > 0)
        {
            int taken = Math.Min(SizeInBytes - filled, bytes.Length);
            bytes[..taken].CopyTo(Rest[filled..]);
            if (filled + taken < SizeInBytes)
                return;
            Absorb(Rest);
            bytes = bytes[taken..];
        }
        int whole = bytes.Length & ~(SizeInBytes - 1);
        Absorb(bytes[..whole]);
        bytes[whole..].CopyTo(Rest);
    }

    /// <summary>Ends the message and writes its hash. Nothing can be appended afterwards.</summary>
    internal void Finish(Span<byte> hash16)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int filled = (int)(_length % SizeInBytes);
        if (filled > 0)
        {
            Rest[filled..].Clear();
            Absorb(Rest);
        }
        Span<byte> length = stackalloc byte[SizeInBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(length, (UInt128)_length);
        Absorb(length);
        Sum.CopyTo(hash16);
        Dispose();
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_state);
        _disposed = true;
    }

    /// <summary>The hash of one message.</summary>
    internal static void Hash(ReadOnlySpan<byte> key16, ReadOnlySpan<byte> message, Span<byte> hash16)
    {
        using var hash = new PolynomialHash(key16);
        hash.Append(message);
        hash.Finish(hash16);
    }

    private void Absorb(ReadOnlySpan<byte> blocks)
    {
        UInt128 key = BinaryPrimitives.ReadUInt128LittleEndian(Key), sum = BinaryPrimitives.ReadUInt128LittleEndian(Sum);
        for (; !blocks.IsEmpty; blocks = blocks[SizeInBytes..])
            sum = BinaryField128.Multiply(sum ^ BinaryPrimitives.ReadUInt128LittleEndian(blocks), key);
        BinaryPrimitives.WriteUInt128LittleEndian(Sum, sum);
    }
}
