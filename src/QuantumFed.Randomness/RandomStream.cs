using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.Randomness;

/// <summary>An endless stream of random bytes: AES-256-CTR under a fresh secret key, or under a key derived from a seed.</summary>
/// <remarks>
/// <para>A seeded stream gives the same values on every machine: numbers are little-endian, and everything computed from them uses only
/// IEEE 754 operations whose result the standard fixes (+ - * / and square root).</para>
/// <para>Every draw takes the next bytes in order, so the sequence of calls fixes the values. Instances are not thread safe.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of random bytes, in the field's own words; not a System.IO.Stream.")]
public sealed class RandomStream : IDisposable
{
    private const int BufferSizeInBytes = 512;
    private const int LongestHashedOnStack = 512;
    private static readonly byte[] s_label = Encoding.ASCII.GetBytes("QuantumFed.RandomStream.v1\0");

    private readonly AesCounterMode _keystream;
    private readonly byte[] _buffer = GC.AllocateArray<byte>(BufferSizeInBytes, pinned: true);
    private int _bufferLeft;
    private double _spareGaussian;
    private bool _hasSpareGaussian;

    private RandomStream(ReadOnlySpan<byte> key) => _keystream = AesCounterMode.Create(key, stackalloc byte[AesCounterMode.CounterSizeInBytes]);

    /// <summary>A secret stream: a 256-bit key from the operating system's generator, expanded by AES-256-CTR.</summary>
    public static RandomStream FromOperatingSystem()
    {
        Span<byte> key = stackalloc byte[AesCounterMode.KeySizeInBytes];
        RandomNumberGenerator.Fill(key);
        try
        {
            return new RandomStream(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>A reproducible stream, as public (or as secret) as its seed.</summary>
    /// <param name="seed">Any bytes, of any length.</param>
    /// <param name="domain">What the stream is for. Streams of one seed and different domains are independent.</param>
    /// <remarks>The key is SHA-256 of a label, the domain's UTF-8 length (4 bytes, little-endian), the domain and the seed.</remarks>
    /// <exception cref="ArgumentException"><paramref name="domain"/> is empty.</exception>
    public static RandomStream FromSeed(ReadOnlySpan<byte> seed, string domain)
    {
        Span<byte> key = stackalloc byte[AesCounterMode.KeySizeInBytes];
        DeriveKey(seed, domain, key);
        try
        {
            return new RandomStream(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Makes this the stream of <see cref="FromSeed"/>, from its beginning, in the memory it already has.</summary>
    /// <exception cref="ArgumentException"><paramref name="domain"/> is empty.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed.</exception>
    public void Restart(ReadOnlySpan<byte> seed, string domain)
    {
        Span<byte> key = stackalloc byte[AesCounterMode.KeySizeInBytes];
        DeriveKey(seed, domain, key);
        try
        {
            _keystream.Restart(key, stackalloc byte[AesCounterMode.CounterSizeInBytes]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
        Forget();
    }

    /// <summary>Overwrites <paramref name="destination"/> with the next bytes.</summary>
    /// <exception cref="ObjectDisposedException">The stream was disposed.</exception>
    public void Fill(Span<byte> destination)
    {
        int buffered = Math.Min(_bufferLeft, destination.Length);
        TakeBuffered(destination[..buffered]);
        destination = destination[buffered..];
        if (destination.Length >= BufferSizeInBytes)
        {
            _keystream.Fill(destination);
            return;
        }
        if (destination.IsEmpty)
            return;
        _keystream.Fill(_buffer);
        _bufferLeft = BufferSizeInBytes;
        TakeBuffered(destination);
    }

    /// <summary>The next eight bytes as a little-endian number, uniform over all 2^64.</summary>
    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Uniform over the multiples of 2^-53 in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform over 0, 1, ..., <paramref name="exclusiveMax"/> - 1, without bias.</summary>
    /// <remarks>Lemire, "Fast random integer generation in an interval" (2019): multiply, and draw again in the few cases that would
    /// favour a value. The number of draws says nothing about the value returned.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is not positive.</exception>
    public int NextInt32(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        uint range = (uint)exclusiveMax;
        uint favoured = (0u - range) % range;
        while (true)
        {
            ulong product = (NextUInt64() >> 32) * range;
            if ((uint)product >= favoured)
                return (int)(product >> 32);
        }
    }

    /// <summary>The normal distribution of mean 0 and variance 1, by Marsaglia's polar method (1964).</summary>
    /// <remarks>
    /// Not for lattice secrets: it takes a variable number of draws, and the tail ends near 8.5. The logarithm is computed here from
    /// + - * / alone (within 2 units in the last place), because <see cref="Math.Log(double)"/> may differ between machines.
    /// </remarks>
    public double NextGaussian()
    {
        if (_hasSpareGaussian)
        {
            _hasSpareGaussian = false;
            return _spareGaussian;
        }
        double u, v, square;
        do
        {
            u = 2 * NextDouble() - 1;
            v = 2 * NextDouble() - 1;
            square = u * u + v * v;
        }
        while (square >= 1 || square == 0);
        double factor = Math.Sqrt(-2 * ReproducibleLogarithm(square) / square);
        _spareGaussian = v * factor;
        _hasSpareGaussian = true;
        return u * factor;
    }

    /// <summary>Puts <paramref name="items"/> in a uniformly random order (Fisher and Yates, Knuth's algorithm P).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Erases the key and what was drawn but not handed out.</summary>
    public void Dispose()
    {
        _keystream.Dispose();
        Forget();
    }

    private static void DeriveKey(ReadOnlySpan<byte> seed, string domain, Span<byte> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        int domainSize = Encoding.UTF8.GetByteCount(domain), size = s_label.Length + sizeof(int) + domainSize + seed.Length;
        Span<byte> hashed = size <= LongestHashedOnStack ? stackalloc byte[size] : new byte[size];
        s_label.CopyTo(hashed);
        BinaryPrimitives.WriteInt32LittleEndian(hashed[s_label.Length..], domainSize);
        Encoding.UTF8.GetBytes(domain, hashed[(s_label.Length + sizeof(int))..]);
        seed.CopyTo(hashed[^seed.Length..]);
        SHA256.HashData(hashed, key);
        CryptographicOperations.ZeroMemory(hashed);
    }

    private void Forget()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        _bufferLeft = 0;
        _spareGaussian = 0;
        _hasSpareGaussian = false;
    }

    /// <summary>ln x for a normal x &gt; 0: x = m 2^e with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh((m - 1)/(m + 1)).</summary>
    internal static double ReproducibleLogarithm(double x)
    {
        const double Ln2 = 0.693147180559945309417232121458;
        const double Sqrt2 = 1.41421356237309504880168872421;
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }
        double s = (mantissa - 1) / (mantissa + 1);
        double s2 = s * s;
        // |s| < 0.1716, so the first omitted term, s^25/25, is below 2^-67 of the sum.
        double series = 0;
        for (int k = 23; k >= 1; k -= 2)
            series = series * s2 + 1.0 / k;
        return exponent * Ln2 + 2 * s * series;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeBuffered(Span<byte> destination)
    {
        Span<byte> source = _buffer.AsSpan(BufferSizeInBytes - _bufferLeft, destination.Length);
        source.CopyTo(destination);
        source.Clear();
        _bufferLeft -= destination.Length;
    }
}
