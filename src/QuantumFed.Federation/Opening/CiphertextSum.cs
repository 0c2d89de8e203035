using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>The sum of a set's ciphertexts, added when a key sum is first held against it: however many are tried, it is added once.</summary>
internal sealed class CiphertextSum(RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, MemoryPool<ulong> memory)
{
    private (PublicElements Elements, KaheCiphertext Sum)? _added;

    /// <summary>Combines exactly t key sum shares and decodes. A wrong combination costs no more than its key sum, or one block if that is short.</summary>
    internal bool TryOpen(
        Dictionary<int, ShareSum> subsetOfExactlyT, [NotNullWhen(true)] out ulong[]? sums, [NotNullWhen(false)] out string? failure)
    {
        sums = null;
        failure = "The committee's shares do not combine to a sum of round secrets.";
        if (!KeySumCombiner.TryCombine(context.Parameters, context.Sharing, updates.Count, subsetOfExactlyT, out KeySum? keySum))
            return false;
        (PublicElements elements, KaheCiphertext sum) = _added ??= Add();
        return KaheDecryption.TryDecryptSum(
            context.Parameters, elements, sum, keySum, updates.Count, (int)context.Plan.ValueCount, out sums, out failure);
    }

    private (PublicElements Elements, KaheCiphertext Sum) Add()
    {
        using IMemoryOwner<ulong> words = memory.Rent(KaheAccumulator.WordsFor(context.Parameters, context.Blocks));
        KaheAccumulator accumulator = KaheAccumulator.Create(context.Parameters, context.Blocks, words.Memory);
        accumulator.Add([.. updates.Select(update => update.Ciphertext)]);
        return (PublicElements.Expand(context.Parameters, seed.ToArray(), context.Blocks), accumulator.ToSum());
    }
}
