using System.Buffers.Binary;
using System.Security.Cryptography;

namespace QuantumFed.Randomness;

/// <summary>The keystream of AES-256 in counter mode (NIST SP 800-38A, section 6.5), one unbroken stream of bytes.</summary>
/// <remarks>
/// <para>The counter is the whole 16-byte block, big-endian, incremented modulo 2^128 (SP 800-38A, appendix B.1).</para>
/// <para>Uses the processor's AES instructions where there are any, the platform's AES library otherwise; the bytes are the same.
/// The key is erased by <see cref="Dispose"/>. Instances are not thread safe.</para>
/// </remarks>
public sealed class AesCounterMode : IDisposable
{
    /// <summary>The key's length in bytes (FIPS 197, AES-256).</summary>
    public const int KeySizeInBytes = 32;

    /// <summary>The initial counter block's length in bytes.</summary>
    public const int CounterSizeInBytes = 16;

    private readonly AesKeystream _keystream;
    private readonly byte[] _partial = GC.AllocateArray<byte>(AesKeystream.BlockSizeInBytes, pinned: true);
    private UInt128 _counter;
    private int _partialLeft;
    private bool _disposed;

    private AesCounterMode(AesKeystream keystream, UInt128 counter) => (_keystream, _counter) = (keystream, counter);

    /// <summary>Whether this machine's AES instructions are used.</summary>
    public static bool IsHardwareAccelerated => HardwareAesKeystream.IsSupported;

    /// <summary>Starts a keystream.</summary>
    /// <param name="key32">The AES-256 key, 32 bytes; copied.</param>
    /// <param name="initialCounter16">The first counter block, 16 bytes. One pair of key and counter must never serve two purposes.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static AesCounterMode Create(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> initialCounter16) =>
        Create(key32, initialCounter16, HardwareAesKeystream.IsSupported);

    internal static AesCounterMode Create(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> initialCounter16, bool useHardware)
    {
        RequireSizes(key32, initialCounter16);
        AesKeystream keystream = useHardware ? new HardwareAesKeystream(key32) : new PortableAesKeystream(key32);
        return new AesCounterMode(keystream, BinaryPrimitives.ReadUInt128BigEndian(initialCounter16));
    }

    /// <summary>Starts another keystream in this one's place; the key before is erased.</summary>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The keystream was disposed.</exception>
    public void Restart(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> initialCounter16)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireSizes(key32, initialCounter16);
        _keystream.SetKey(key32);
        _counter = BinaryPrimitives.ReadUInt128BigEndian(initialCounter16);
        CryptographicOperations.ZeroMemory(_partial);
        _partialLeft = 0;
    }

    /// <summary>Overwrites <paramref name="destination"/> with the next bytes of the keystream.</summary>
    /// <remarks>Two calls for a and b bytes give the same bytes as one call for a + b.</remarks>
    /// <exception cref="ObjectDisposedException">The keystream was disposed.</exception>
    public void Fill(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        int fromPartial = Math.Min(_partialLeft, destination.Length);
        TakePartial(destination[..fromPartial]);
        destination = destination[fromPartial..];

        int whole = destination.Length & ~(AesKeystream.BlockSizeInBytes - 1);
        _keystream.Encrypt(_counter, destination[..whole]);
        _counter += (UInt128)(whole / AesKeystream.BlockSizeInBytes);
        destination = destination[whole..];

        if (destination.IsEmpty)
            return;
        _keystream.Encrypt(_counter++, _partial);
        _partialLeft = _partial.Length;
        TakePartial(destination);
    }

    /// <summary>Erases the key and the rest of the last block.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _keystream.Dispose();
        CryptographicOperations.ZeroMemory(_partial);
        _counter = 0;
    }

    private static void RequireSizes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> counter)
    {
        if (key.Length != KeySizeInBytes)
            throw new ArgumentException($"An AES-256 key has {KeySizeInBytes} bytes, not {key.Length}.", nameof(key));
        if (counter.Length != CounterSizeInBytes)
            throw new ArgumentException($"A counter block has {CounterSizeInBytes} bytes, not {counter.Length}.", nameof(counter));
    }

    private void TakePartial(Span<byte> destination)
    {
        Span<byte> source = _partial.AsSpan(_partial.Length - _partialLeft, destination.Length);
        source.CopyTo(destination);
        source.Clear();
        _partialLeft -= destination.Length;
    }
}
