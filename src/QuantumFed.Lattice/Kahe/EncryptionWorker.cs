using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>What one thread needs to encrypt blocks without allocating for each: buffers, zeroed on dispose, and its own secret randomness.</summary>
internal sealed class EncryptionWorker : IDisposable
{
    private readonly KaheParameters _parameters;
    private readonly RandomStream _random;
    private readonly ElementDrawing _drawing = new();
    private readonly uint[] _values;
    private readonly byte[] _dither;
    private readonly byte[] _randomBytes = Pinned<byte>(KaheParameters.Ring.Degree * CentredBinomial.BytesPerSample);
    private readonly int[] _errors = Pinned<int>(KaheParameters.Ring.Degree);
    private readonly ulong[] _message = Pinned<ulong>(KaheParameters.Ring.Degree);
    private readonly double[] _product = Pinned<double>(KaheParameters.Ring.Degree);
    private readonly ulong[] _coefficients = Pinned<ulong>(KaheParameters.Ring.Degree);

    internal EncryptionWorker(KaheParameters parameters, RandomStream random)
    {
        _parameters = parameters;
        _random = random;
        _values = Pinned<uint>(parameters.ValuesPerBlock);
        _dither = Pinned<byte>(parameters.ValuesPerBlock * FixedPointKernel.DitherSizeInBytes);
    }

    /// <summary>Room for the integers of a block.</summary>
    internal Span<uint> Values => _values;

    /// <summary>Rounds numbers to integers, at most a block's.</summary>
    internal void Quantise(FixedPointScale scale, ReadOnlySpan<float> numbers, Span<uint> values)
    {
        Span<byte> dither = _dither.AsSpan(0, numbers.Length * FixedPointKernel.DitherSizeInBytes);
        _random.Fill(dither);
        FixedPointKernel.Quantise(KernelPaths.Widest, scale, numbers, dither, values);
    }

    /// <summary>Encrypts one block's integers, each below 2^b.</summary>
    internal void Encrypt(int block, TransformedElement secret, PublicElements elements, ReadOnlySpan<uint> values, Span<byte> ciphertext)
    {
        NegacyclicRing ring = KaheParameters.Ring;
        CentredBinomial.Sample(_random, _randomBytes, _errors);
        _message.AsSpan().Clear();
        MessagePacking.Pack(_parameters, values, _message);

        // The product never leaves this place bare: it is masked where it lands.
        ring.MultiplyInverse(elements.Block(block, _drawing), secret, _product, _coefficients);
        MessageMask.Apply(KernelPaths.Widest, _coefficients, _errors, _message, _parameters.PlaintextBits, ring.Modulus.Value);
        CoefficientPacking.Pack(_coefficients, ciphertext);
    }

    public void Dispose()
    {
        _random.Dispose();
        _drawing.Dispose();
        Erase<uint>(_values);
        Erase<byte>(_dither);
        Erase<byte>(_randomBytes);
        Erase<int>(_errors);
        Erase<ulong>(_message);
        Erase<double>(_product);
        // The last block's product was here before it was masked.
        Erase<ulong>(_coefficients);
    }

    // Pinned: the collector never copies them, so zeroing reaches the only copy.
    private static T[] Pinned<T>(int length)
        where T : unmanaged => GC.AllocateUninitializedArray<T>(length, pinned: true);

    private static void Erase<T>(Span<T> buffer)
        where T : unmanaged => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(buffer));
}
