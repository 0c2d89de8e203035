using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>What one thread needs to encrypt blocks without allocating for each: buffers, zeroed on dispose, and its own secret randomness.</summary>
internal sealed class EncryptionWorker : IDisposable
{
    private readonly KaheParameters _parameters;
    private readonly RandomStream _random;
    private readonly bool _ownsRandom;
    private readonly ElementDrawing _drawing;
    private readonly ScratchBuffer<uint> _values;
    private readonly ScratchBuffer<byte> _dither;
    private readonly ScratchBuffer<byte> _randomBytes;
    private readonly ScratchBuffer<int> _errors;
    private readonly ScratchBuffer<ulong> _message;
    private readonly ScratchBuffer<double> _product;
    private readonly ScratchBuffer<ulong> _coefficients;
    // Only where a coefficient takes two words.
    private readonly WideMessage? _wide;
    private readonly WideMessageMask[] _wideMasks = [];

    internal EncryptionWorker(KaheParameters parameters, RandomStream random, bool ownsRandom = true)
    {
        int n = parameters.RingDegree;
        _parameters = parameters;
        _random = random;
        _ownsRandom = ownsRandom;
        _drawing = new ElementDrawing(parameters.Set);
        _values = new ScratchBuffer<uint>(parameters.ValuesPerBlock);
        _dither = new ScratchBuffer<byte>(parameters.ValuesPerBlock * FixedPointKernel.DitherSizeInBytes);
        _randomBytes = new ScratchBuffer<byte>(n * CentredBinomial.BytesPerSample);
        _errors = new ScratchBuffer<int>(n);
        _message = new ScratchBuffer<ulong>(parameters.Set.ElementSize);
        _product = new ScratchBuffer<double>(n);
        _coefficients = new ScratchBuffer<ulong>(n);
        if (parameters.Set.Rings.Count == 1)
            return;
        _wide = new WideMessage(parameters);
        _wideMasks = [.. parameters.Set.Rings.Select(ring => new WideMessageMask(ring.Modulus, parameters.PlaintextBits, _wide.LowBits))];
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
    internal void Encrypt(int block, TransformedElement[] secret, PublicElements elements, ReadOnlySpan<uint> values, Span<byte> ciphertext)
    {
        int n = _parameters.RingDegree, size = _parameters.Set.PrimeSizeInBytes;
        Span<ulong> message = _message.Span, coefficients = _coefficients.Span;
        Span<int> errors = _errors.Span;
        ReadOnlySpan<double> element = elements.Block(block, _drawing);
        // It is needed only after the random bytes are made, and comes from memory until then.
        ElementDrawing.Prefetch(element);
        CentredBinomial.Sample(_random, _randomBytes.Span, errors);
        message.Clear();
        if (_wide is null)
            MessagePacking.Pack(_parameters, values, message);
        else
            _wide.Pack(values, message[..n], message[n..]);

        for (int i = 0; i < secret.Length; i++)
        {
            NegacyclicRing ring = _parameters.Set.Rings[i];
            // The product never leaves this place bare: it is masked where it lands.
            ring.MultiplyInverse(element.Slice(i * n, n), secret[i], _product.Span, coefficients);
            if (_wide is null)
                MessageMask.Apply(KernelPaths.Widest, coefficients, errors, message, _parameters.PlaintextBits, ring.Modulus.Value);
            else
                _wideMasks[i].Apply(KernelPaths.Widest, coefficients, errors, message[..n], message[n..]);
            CoefficientPacking.Pack(coefficients, ciphertext.Slice(i * size, size));
        }
    }

    public void Dispose()
    {
        if (_ownsRandom)
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
