using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>What one thread needs to encrypt blocks without allocating for each: buffers, zeroed on dispose, and its own secret randomness.</summary>
internal sealed class EncryptionWorker : IDisposable
{
    private readonly KaheParameters _parameters;
    private readonly RandomStream _random;
    private readonly ElementDrawing _drawing = new();
    private readonly ScratchBuffer<uint> _values;
    private readonly ScratchBuffer<byte> _dither;
    private readonly ScratchBuffer<byte> _randomBytes = new(KaheParameters.Ring.Degree * CentredBinomial.BytesPerSample);
    private readonly ScratchBuffer<int> _errors = new(KaheParameters.Ring.Degree);
    private readonly ScratchBuffer<ulong> _message = new(KaheParameters.Ring.Degree);
    private readonly ScratchBuffer<double> _product = new(KaheParameters.Ring.Degree);
    private readonly ScratchBuffer<ulong> _coefficients = new(KaheParameters.Ring.Degree);

    internal EncryptionWorker(KaheParameters parameters, RandomStream random)
    {
        _parameters = parameters;
        _random = random;
        _values = new ScratchBuffer<uint>(parameters.ValuesPerBlock);
        _dither = new ScratchBuffer<byte>(parameters.ValuesPerBlock * FixedPointKernel.DitherSizeInBytes);
    }

    /// <summary>Room for the integers of a block.</summary>
    internal Span<uint> Values => _values.Span;

    /// <summary>Rounds numbers to integers, at most a block's.</summary>
    internal void Quantise(FixedPointScale scale, ReadOnlySpan<float> numbers, Span<uint> values)
    {
        Span<byte> dither = _dither.Span[..(numbers.Length * FixedPointKernel.DitherSizeInBytes)];
        _random.Fill(dither);
        FixedPointKernel.Quantise(KernelPaths.Widest, scale, numbers, dither, values);
    }

    /// <summary>Encrypts one block's integers, each below 2^b.</summary>
    internal void Encrypt(int block, TransformedElement secret, PublicElements elements, ReadOnlySpan<uint> values, Span<byte> ciphertext)
    {
        NegacyclicRing ring = KaheParameters.Ring;
        Span<ulong> message = _message.Span, coefficients = _coefficients.Span;
        Span<int> errors = _errors.Span;
        ReadOnlySpan<double> element = elements.Block(block, _drawing);
        // It is needed only after the random bytes are made, and comes from memory until then.
        ElementDrawing.Prefetch(element);
        CentredBinomial.Sample(_random, _randomBytes.Span, errors);
        message.Clear();
        MessagePacking.Pack(_parameters, values, message);

        // The product never leaves this place bare: it is masked where it lands.
        ring.MultiplyInverse(element, secret, _product.Span, coefficients);
        MessageMask.Apply(KernelPaths.Widest, coefficients, errors, message, _parameters.PlaintextBits, ring.Modulus.Value);
        CoefficientPacking.Pack(coefficients, ciphertext);
    }

    public void Dispose()
    {
        _random.Dispose();
        _drawing.Dispose();
        _values.Dispose();
        _dither.Dispose();
        _randomBytes.Dispose();
        _errors.Dispose();
        _message.Dispose();
        _product.Dispose();
        // The last block's product was here before it was masked.
        _coefficients.Dispose();
    }
}
