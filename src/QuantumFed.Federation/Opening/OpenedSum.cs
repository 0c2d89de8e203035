using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>The decoded sum of a set, with the committee points whose shares gave it.</summary>
/// <param name="CombinedFrom">The points, ascending.</param>
/// <param name="Disagreeing">
/// Points whose shares lie on other polynomials, ascending. Somebody is wrong then: one of these or, where M is below t + 2f, of the others.
/// </param>
/// <param name="Sums">One sum for each encrypted value.</param>
public sealed record OpenedSum(IReadOnlyList<ushort> CombinedFrom, IReadOnlyList<ushort> Disagreeing, IReadOnlyList<ulong> Sums)
{
    /// <summary>
    /// Adds the ciphertexts, combines t of the key sum shares and decodes. Where shares contradict each other, the subsets of t are tried
    /// in lexicographic order until one decodes: reserved coefficients, count and noise bound let a wrong one through with negligible
    /// probability, and all shares are public by then, so trying reveals nothing more.
    /// </summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure) =>
        TryOpen(context, seed, updates, keySums, MemoryPool<ulong>.Shared, out opened, out failure);

    /// <summary>The same, with the sum of the ciphertexts in memory from <paramref name="sumMemory"/>.</summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        MemoryPool<ulong> sumMemory, [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure)
    {
        opened = null;
        failure = $"Only {keySums.Count} committee members answered; {context.Agreement.Threshold} are needed.";
        foreach (ushort[] subset in Subsets([.. keySums.Keys.Order()], context.Agreement.Threshold))
        {
            if (TryOpen(context, seed, updates, keySums, subset, sumMemory, out opened, out failure))
                return true;
            // All on the same polynomials: every other subset gives the same key sum, and there are too many of them to try in vain.
            if (subset.All(point => keySums[point].Receiver == point) && Contradicting(context, keySums, subset).Count == 0)
                return false;
        }
        return false;
    }

    /// <summary>The same from the given points only: what a replay does.</summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        IReadOnlyList<ushort> points, [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure) =>
        TryOpen(context, seed, updates, keySums, points, MemoryPool<ulong>.Shared, out opened, out failure);

    private static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        IReadOnlyList<ushort> points, MemoryPool<ulong> sumMemory, [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure)
    {
        opened = null;
        failure = null;
        if (points.Count != context.Agreement.Threshold || points.Distinct().Count() != points.Count || points.Any(point => !keySums.ContainsKey(point)))
        {
            failure = "The key sum was combined from other than a threshold of the published shares.";
            return false;
        }
        Dictionary<int, ShareSum> subset = points.ToDictionary(point => (int)point, point => keySums[point]);
        if (!KeySumCombiner.TryCombine(context.Parameters, context.Sharing, updates.Count, subset, out KeySum? keySum))
        {
            failure = "The committee's shares do not combine to a sum of round secrets.";
            return false;
        }
        using IMemoryOwner<ulong> words = sumMemory.Rent(KaheAccumulator.WordsFor(context.Parameters, context.Blocks));
        KaheAccumulator accumulator = KaheAccumulator.Create(context.Parameters, context.Blocks, words.Memory);
        accumulator.Add([.. updates.Select(update => update.Ciphertext)]);
        PublicElements elements = PublicElements.Expand(context.Parameters, seed.ToArray(), context.Blocks);
        if (!KaheDecryption.TryDecryptSum(
            context.Parameters, elements, accumulator.ToSum(), keySum, updates.Count, (int)context.Plan.ValueCount, out ulong[]? sums, out failure))
            return false;
        opened = new OpenedSum([.. points], Contradicting(context, keySums, points), sums);
        return true;
    }

    private static IReadOnlyList<ushort> Contradicting(
        RoundContext context, IReadOnlyDictionary<ushort, ShareSum> keySums, IReadOnlyList<ushort> points)
    {
        Dictionary<int, ShareSum> subset = points.ToDictionary(point => (int)point, point => keySums[point]);
        Dictionary<int, ShareSum> others = keySums.Where(pair => !subset.ContainsKey(pair.Key)).ToDictionary(pair => (int)pair.Key, pair => pair.Value);
        return [.. KeySumCombiner.Inconsistent(context.Sharing, subset, others).Order().Select(point => (ushort)point)];
    }

    private static IEnumerable<ushort[]> Subsets(ushort[] points, int size)
    {
        if (size == 0)
        {
            yield return [];
            yield break;
        }
        for (int i = 0; i <= points.Length - size; i++)
        {
            foreach (ushort[] rest in Subsets(points[(i + 1)..], size - 1))
                yield return [points[i], .. rest];
        }
    }
}
