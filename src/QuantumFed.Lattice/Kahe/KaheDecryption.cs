using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>Opens a sum of ciphertexts under the sum of their secrets. Everything here is public once the key sum is.</summary>
public static class KaheDecryption
{
    /// <summary>Decrypts and checks a sum.</summary>
    /// <remarks>
    /// <para>v = b - a s, centred, must be T E + M. Refused: a residual error beyond the noise bound, a reserved coefficient that is not zero, a
    /// count other than <paramref name="participants"/>, a lane above participants (2^b - 1), an unused lane that is not zero. A wrong key
    /// sum, or a sum with a ciphertext missing or too many, fails these with overwhelming probability.</para>
    /// <para>A member can still add anything within its lanes, and whoever alters a ciphertext by a small message alters the sum: hashes
    /// and signatures over the ciphertexts are what prevents that.</para>
    /// </remarks>
    /// <param name="parameters">The round's parameters.</param>
    /// <param name="elements">The round's public elements, at least as many as the sum has blocks.</param>
    /// <param name="sum">The summed ciphertext.</param>
    /// <param name="keySum">The summed secrets.</param>
    /// <param name="participants">How many were summed.</param>
    /// <param name="sums">Receives the sums; as long as each member's vector. After a refusal its content means nothing.</param>
    /// <param name="failure">Receives, otherwise, a sentence that says what does not hold.</param>
    /// <exception cref="ArgumentException">There are fewer elements than blocks, or a number is out of range.</exception>
    public static bool TryDecryptSum(
        KaheParameters parameters, PublicElements elements, KaheCiphertext sum, KeySum keySum, int participants, Span<ulong> sums,
        [NotNullWhen(false)] out string? failure)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(elements);
        ArgumentNullException.ThrowIfNull(sum);
        ArgumentNullException.ThrowIfNull(keySum);
        KeySum.RequireParticipants(parameters, participants);
        int blocks = parameters.BlocksFor(sums.Length);
        if (blocks > elements.Blocks)
            throw new ArgumentException($"{sums.Length} values take {blocks} blocks, but there are {elements.Blocks} public elements.", nameof(elements));

        if (sum.Blocks != blocks)
            failure = $"The sum has {sum.Blocks} blocks, but {sums.Length} values take {blocks}.";
        else if (keySum.Participants != participants)
            failure = $"The key sum was opened for {keySum.Participants} participants, not {participants}.";
        else
            failure = Decrypt(parameters, elements, sum, keySum, sums);
        return failure is null;
    }

    /// <summary>As above, into a new array of <paramref name="valueCount"/> sums.</summary>
    /// <exception cref="ArgumentException">There are fewer elements than blocks, or a number is out of range.</exception>
    public static bool TryDecryptSum(
        KaheParameters parameters, PublicElements elements, KaheCiphertext sum, KeySum keySum, int participants, int valueCount,
        [NotNullWhen(true)] out ulong[]? sums, [NotNullWhen(false)] out string? failure)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(valueCount);
        ulong[] values = GC.AllocateUninitializedArray<ulong>(valueCount);
        sums = TryDecryptSum(parameters, elements, sum, keySum, participants, values, out failure) ? values : null;
        return sums is not null;
    }

    private static string? Decrypt(
        KaheParameters parameters, PublicElements elements, KaheCiphertext sum, KeySum keySum, Span<ulong> sums)
    {
        NegacyclicRing ring = KaheParameters.Ring;
        int n = ring.Degree;
        using TransformedElement key = TransformedElement.Of(ring, keySum.Coefficients);
        double[] scratch = new double[n];
        ulong[] message = new ulong[n], masked = new ulong[n];
        for (int block = 0; block < sum.Blocks; block++)
        {
            ring.MultiplyInverse(elements.Block(block), key, scratch, message);
            _ = CoefficientPacking.TryUnpack(sum.Block(block), masked, ring.Modulus.Value);
            long residual = MessageMask.Remove(KernelPaths.Widest, masked, message, parameters.PlaintextBits, ring.Modulus.Value);
            int first = block * parameters.ValuesPerBlock;
            Span<ulong> blockSums = sums.Slice(first, Math.Min(parameters.ValuesPerBlock, sums.Length - first));
            string? failure = residual > parameters.NoiseBound ? $"a residual error of {residual} exceeds the bound of {parameters.NoiseBound}." : null;
            failure ??= Check(parameters, message, keySum.Participants)
                ?? Unpack(parameters, message, keySum.Participants, blockSums);
            if (failure is not null)
                return $"Block {block}: {failure}";
        }
        return null;
    }

    private static string? Check(KaheParameters parameters, ReadOnlySpan<ulong> coefficients, int participants)
    {
        if (coefficients[..parameters.ReservedCoefficients].ContainsAnyExcept(0UL))
            return "a reserved coefficient is not zero.";
        ulong count = coefficients[parameters.CountCoefficient];
        return count == (ulong)participants ? null : $"the count field says {count}, not {participants}.";
    }

    private static string? Unpack(KaheParameters parameters, ReadOnlySpan<ulong> coefficients, int participants, Span<ulong> sums)
    {
        ulong bound = (ulong)participants * parameters.MaxValue;
        if (MessagePacking.Unpack(KernelPaths.Widest, parameters, coefficients, sums) > bound)
        {
            int lane = sums.IndexOfAnyExceptInRange(0UL, bound);
            return $"lane {lane} holds {sums[lane]}, more than {participants} values of {parameters.BitsPerValue} bits can sum to.";
        }
        // Only the last block has unused lanes. Bits above the lanes do not exist: M < T = 2^(w L).
        ReadOnlySpan<ulong> slots = coefficients[parameters.FirstValueCoefficient..];
        for (int i = sums.Length; i < parameters.ValuesPerBlock; i++)
        {
            if (MessagePacking.Lane(parameters, slots[i / parameters.Lanes], i % parameters.Lanes) != 0)
                return $"the unused lane {i} is not zero.";
        }
        return null;
    }
}
