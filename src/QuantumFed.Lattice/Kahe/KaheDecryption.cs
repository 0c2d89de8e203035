using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>Opens a sum of ciphertexts that is in memory as a whole; <see cref="KaheDecryptor"/> takes one in chunks.</summary>
public static class KaheDecryption
{
    /// <summary>Decrypts and checks a sum; <see cref="KaheDecryptor"/> says what is refused.</summary>
    /// <param name="parameters">The round's parameters.</param>
    /// <param name="elements">The round's public elements, at least as many as the sum has blocks.</param>
    /// <param name="sum">The summed ciphertext.</param>
    /// <param name="keySum">The summed secrets.</param>
    /// <param name="participants">How many were summed.</param>
    /// <param name="sums">Receives the sums; as long as each member's vector. After a refusal its content means nothing.</param>
    /// <param name="failure">Receives, otherwise, a sentence that says what does not hold.</param>
    /// <param name="options">Threads, progress and cancellation.</param>
    /// <exception cref="ArgumentException">There are fewer elements than blocks, or a number is out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static bool TryDecryptSum(
        KaheParameters parameters, PublicElements elements, KaheCiphertext sum, KeySum keySum, int participants, Span<ulong> sums,
        [NotNullWhen(false)] out string? failure, PipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(sum);
        ArgumentNullException.ThrowIfNull(keySum);
        KeySum.RequireParticipants(parameters, participants);
        using KaheDecryptor decryptor = KaheDecryptor.Create(parameters, elements, keySum, sums.Length, options);
        int blocks = parameters.BlocksFor(sums.Length);
        if (sum.Set != parameters.Set)
            throw new ArgumentException($"The sum is of {sum.Set}, not {parameters.Set}.", nameof(sum));
        if (sum.Blocks != blocks)
            failure = $"The sum has {sum.Blocks} blocks, but {sums.Length} values take {blocks}.";
        else if (keySum.Participants != participants)
            failure = $"The key sum was opened for {keySum.Participants} participants, not {participants}.";
        else
            _ = decryptor.TryDecrypt(sum.Bytes.Span, sums, out failure);
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
}
