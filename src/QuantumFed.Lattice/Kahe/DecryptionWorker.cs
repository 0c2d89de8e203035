namespace QuantumFed.Lattice;

/// <summary>What one thread needs to decrypt blocks of a sum without allocating for each. Everything here is public.</summary>
internal sealed class DecryptionWorker(KaheParameters parameters) : IDisposable
{
    private readonly ElementDrawing _drawing = new();
    private readonly double[] _product = new double[KaheParameters.Ring.Degree];
    private readonly ulong[] _message = new ulong[KaheParameters.Ring.Degree];
    private readonly ulong[] _masked = new ulong[KaheParameters.Ring.Degree];
    private readonly ulong[] _sums = new ulong[parameters.ValuesPerBlock];

    /// <summary>Room for the sums of a block.</summary>
    internal Span<ulong> Sums => _sums;

    /// <summary>Decrypts and checks one block; the sentence that says what does not hold, or <see langword="null"/>.</summary>
    internal string? Decrypt(int block, TransformedElement key, PublicElements elements, int participants, ReadOnlySpan<byte> ciphertext, Span<ulong> sums)
    {
        NegacyclicRing ring = KaheParameters.Ring;
        ring.MultiplyInverse(elements.Block(block, _drawing), key, _product, _message);
        if (!CoefficientPacking.TryUnpack(ciphertext, _masked, ring.Modulus.Value))
            return "a coefficient is not below q.";
        long residual = MessageMask.Remove(KernelPaths.Widest, _masked, _message, parameters.PlaintextBits, ring.Modulus.Value);
        return residual > parameters.NoiseBound
            ? $"a residual error of {residual} exceeds the bound of {parameters.NoiseBound}."
            : Check(participants) ?? Unpack(participants, sums);
    }

    public void Dispose() => _drawing.Dispose();

    private string? Check(int participants)
    {
        if (_message.AsSpan(0, parameters.ReservedCoefficients).ContainsAnyExcept(0UL))
            return "a reserved coefficient is not zero.";
        ulong count = _message[parameters.CountCoefficient];
        return count == (ulong)participants ? null : $"the count field says {count}, not {participants}.";
    }

    private string? Unpack(int participants, Span<ulong> sums)
    {
        ulong bound = (ulong)participants * parameters.MaxValue;
        if (MessagePacking.Unpack(KernelPaths.Widest, parameters, _message, sums) > bound)
        {
            int lane = sums.IndexOfAnyExceptInRange(0UL, bound);
            return $"lane {lane} holds {sums[lane]}, more than {participants} values of {parameters.BitsPerValue} bits can sum to.";
        }
        // Only the last block has unused lanes. Bits above the lanes do not exist: M < T = 2^(w L).
        ReadOnlySpan<ulong> slots = _message.AsSpan(parameters.FirstValueCoefficient);
        for (int i = sums.Length; i < parameters.ValuesPerBlock; i++)
        {
            if (MessagePacking.Lane(parameters, slots[i / parameters.Lanes], i % parameters.Lanes) != 0)
                return $"the unused lane {i} is not zero.";
        }
        return null;
    }
}
