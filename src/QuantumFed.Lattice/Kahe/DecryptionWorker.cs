namespace QuantumFed.Lattice;

/// <summary>What one thread needs to decrypt blocks of a sum without allocating for each. Everything here is public.</summary>
internal sealed class DecryptionWorker(KaheParameters parameters) : IDisposable
{
    private readonly ElementDrawing _drawing = new();
    private readonly ScratchBuffer<double> _product = new(KaheParameters.Ring.Degree);
    private readonly ScratchBuffer<ulong> _message = new(KaheParameters.Ring.Degree);
    private readonly ScratchBuffer<ulong> _masked = new(KaheParameters.Ring.Degree);
    private readonly ScratchBuffer<ulong> _sums = new(parameters.ValuesPerBlock);

    /// <summary>Room for the sums of a block.</summary>
    internal Span<ulong> Sums => _sums.Span;

    /// <summary>Decrypts and checks one block; the sentence that says what does not hold, or <see langword="null"/>.</summary>
    internal string? Decrypt(int block, TransformedElement key, PublicElements elements, int participants, ReadOnlySpan<byte> ciphertext, Span<ulong> sums)
    {
        NegacyclicRing ring = KaheParameters.Ring;
        Span<ulong> message = _message.Span, masked = _masked.Span;
        ReadOnlySpan<double> element = elements.Block(block, _drawing);
        ElementDrawing.Prefetch(element);
        if (!CoefficientPacking.TryUnpack(ciphertext, masked, ring.Modulus.Value))
            return "a coefficient is not below q.";
        ring.MultiplyInverse(element, key, _product.Span, message);
        long residual = MessageMask.Remove(KernelPaths.Widest, masked, message, parameters.PlaintextBits, ring.Modulus.Value);
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
        if (message[..parameters.ReservedCoefficients].ContainsAnyExcept(0UL))
            return "a reserved coefficient is not zero.";
        ulong count = message[parameters.CountCoefficient];
        return count == (ulong)participants ? null : $"the count field says {count}, not {participants}.";
    }

    private string? Unpack(ReadOnlySpan<ulong> message, int participants, Span<ulong> sums)
    {
        ulong bound = (ulong)participants * parameters.MaxValue;
        if (MessagePacking.Unpack(KernelPaths.Widest, parameters, message, sums) > bound)
        {
            int lane = sums.IndexOfAnyExceptInRange(0UL, bound);
            return $"lane {lane} holds {sums[lane]}, more than {participants} values of {parameters.BitsPerValue} bits can sum to.";
        }
        // Only the last block has unused lanes. Bits above the lanes do not exist: M < T = 2^(w L).
        ReadOnlySpan<ulong> slots = message[parameters.FirstValueCoefficient..];
        for (int i = sums.Length; i < parameters.ValuesPerBlock; i++)
        {
            if (MessagePacking.Lane(parameters, slots[i / parameters.Lanes], i % parameters.Lanes) != 0)
                return $"the unused lane {i} is not zero.";
        }
        return null;
    }
}
