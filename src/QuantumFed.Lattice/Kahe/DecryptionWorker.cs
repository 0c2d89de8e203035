namespace QuantumFed.Lattice;

/// <summary>What one thread needs to decrypt blocks of a sum without allocating for each. Everything here is public.</summary>
internal sealed class DecryptionWorker(KaheParameters parameters) : IDisposable
{
    private readonly ElementDrawing _drawing = new(parameters.Set);
    private readonly ScratchBuffer<double> _product = new(parameters.RingDegree);
    private readonly ScratchBuffer<ulong> _message = new(parameters.Set.ElementSize);
    private readonly ScratchBuffer<ulong> _masked = new(parameters.RingDegree);
    private readonly ScratchBuffer<ulong> _sums = new(parameters.ValuesPerBlock);
    private readonly WideMessage? _wide = parameters.Set.Rings.Count == 1 ? null : new WideMessage(parameters);

    /// <summary>Room for the sums of a block.</summary>
    internal Span<ulong> Sums => _sums.Span;

    /// <summary>Decrypts and checks one block; the sentence that says what does not hold, or <see langword="null"/>.</summary>
    internal string? Decrypt(int block, TransformedElement[] key, PublicElements elements, int participants, ReadOnlySpan<byte> ciphertext, Span<ulong> sums)
    {
        int n = parameters.RingDegree, size = parameters.Set.PrimeSizeInBytes;
        Span<ulong> message = _message.Span, masked = _masked.Span;
        ReadOnlySpan<double> element = elements.Block(block, _drawing);
        ElementDrawing.Prefetch(element);
        long residual = 0;
        for (int i = 0; i < key.Length; i++)
        {
            NegacyclicRing ring = parameters.Set.Rings[i];
            Span<ulong> product = message.Slice(i * n, n);
            if (!CoefficientPacking.TryUnpack(ciphertext.Slice(i * size, size), masked, ring.Modulus.Value))
                return "a coefficient is not below its prime.";
            ring.MultiplyInverse(element.Slice(i * n, n), key[i], _product.Span, product);
            if (_wide is null)
                residual = MessageMask.Remove(KernelPaths.Widest, masked, product, parameters.PlaintextBits, ring.Modulus.Value);
            else
                ResidueDriver.Apply<SubtractMod>(masked, product, product, ring.Modulus.Value);
        }
        if (_wide is not null)
            residual = (long)UInt128.Min(long.MaxValue, _wide.Remove(message[..n], message[n..]));
        return residual > parameters.NoiseBound
            ? $"a residual error of {residual} exceeds the bound of {parameters.NoiseBound}."
            : Check(message, participants) ?? Unpack(message, participants, sums);
    }

    public void Dispose()
    {
        _drawing.Dispose();
        _product.Dispose();
        _message.Dispose();
        _masked.Dispose();
        _sums.Dispose();
    }

    private string? Check(ReadOnlySpan<ulong> message, int participants)
    {
        int n = parameters.RingDegree, reserved = parameters.ReservedCoefficients;
        // The high words, where there are any, come after the low ones.
        for (int word = 0; word < message.Length; word += n)
        {
            if (message.Slice(word, reserved).ContainsAnyExcept(0UL) || (word > 0 && message[word + parameters.CountCoefficient] != 0))
                return "a reserved coefficient is not zero.";
        }
        ulong count = message[parameters.CountCoefficient];
        return count == (ulong)participants ? null : $"the count field says {count}, not {participants}.";
    }

    private string? Unpack(ReadOnlySpan<ulong> message, int participants, Span<ulong> sums)
    {
        ulong bound = (ulong)participants * parameters.MaxValue;
        int n = parameters.RingDegree;
        ulong largest = _wide is null ? MessagePacking.Unpack(KernelPaths.Widest, parameters, message, sums) : _wide.Unpack(message[..n], message[n..], sums);
        if (largest > bound)
        {
            int lane = sums.IndexOfAnyExceptInRange(0UL, bound);
            return $"lane {lane} holds {sums[lane]}, more than {participants} values of {parameters.BitsPerValue} bits can sum to.";
        }
        // Only the last block has unused lanes. Bits above the lanes do not exist: M < T = 2^(w L).
        for (int i = sums.Length; i < parameters.ValuesPerBlock; i++)
        {
            if (Lane(message, i) != 0)
                return $"the unused lane {i} is not zero.";
        }
        return null;
    }

    private ulong Lane(ReadOnlySpan<ulong> message, int i)
    {
        int coefficient = parameters.FirstValueCoefficient + i / parameters.Lanes, lane = i % parameters.Lanes;
        return _wide is null
            ? MessagePacking.Lane(parameters, message[coefficient], lane)
            : _wide.Lane(message[..parameters.RingDegree], message[parameters.RingDegree..], coefficient, lane);
    }
}
