using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>The decoded sum of a set, with the committee points whose shares gave it.</summary>
/// <param name="CombinedFrom">The points, ascending.</param>
/// <param name="Agreeing">All points whose shares lie on the polynomials through those combined, ascending.</param>
/// <param name="Disagreeing">
/// Points whose shares lie on other polynomials, ascending. Somebody is wrong then: one of these or, unless <see cref="Liars"/> names them, of the
/// others.
/// </param>
/// <param name="Sums">One sum for each encrypted value.</param>
public sealed record OpenedSum(
    IReadOnlyList<ushort> CombinedFrom, IReadOnlyList<ushort> Agreeing, IReadOnlyList<ushort> Disagreeing, IReadOnlyList<ulong> Sums)
{
    /// <summary>
    /// Adds the ciphertexts, combines t of the key sum shares and decodes. Shares that contradict each other are decoded as Reed-Solomon words: with
    /// m shares, the wrong ones among them are left out if they are at most floor((m - t)/2), and with more as far as
    /// <see cref="KeySumSearch"/> reaches in bounded time. What a set of shares opens is what judges it: reserved coefficients, count and noise
    /// bound let a wrong one through with negligible probability, and all shares are public by then, so trying reveals nothing more.
    /// </summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure) =>
        TryOpen(context, seed, updates, keySums, MemoryPool<ulong>.Shared, out opened, out failure);

    /// <summary>The same, with the sum of the ciphertexts made in memory from <paramref name="sumMemory"/>.</summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        MemoryPool<ulong> sumMemory, [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure)
    {
        opened = null;
        int t = context.Agreement.Threshold;
        // A share that says it belongs to another point than its sender's is wrong whatever it holds.
        Dictionary<int, ShareSum> usable = keySums.Where(pair => pair.Value.Receiver == pair.Key).ToDictionary(pair => (int)pair.Key, pair => pair.Value);
        if (usable.Count < t)
        {
            failure = keySums.Count < t
                ? $"Only {keySums.Count} committee members answered; {t} are needed."
                : $"Only {usable.Count} of {keySums.Count} committee members answered for their own point; {t} are needed.";
            return false;
        }
        var ciphertexts = new CiphertextSum(context, seed, updates, sumMemory);
        KeySumSearch search = KeySumSearch.Over(context.Sharing, usable);
        failure = null;
        foreach (IReadOnlyList<int> candidate in search.Candidates())
        {
            ushort[] points = [.. candidate.Take(t).Select(point => (ushort)point)];
            if (TryOpen(context, ciphertexts, keySums, points, out opened, out failure))
                return true;
            // All on the same polynomials: there is no other set to try.
            if (candidate.Count == usable.Count)
                return false;
        }
        failure = $"The {usable.Count} key sum shares contradict each other, and no {t} of them "
            + (search.IsExhaustive ? "open the sum." : $"that were found in {search.StepLimit} steps open the sum.");
        return false;
    }

    /// <summary>The same from the given points only: what a replay does.</summary>
    public static bool TryOpen(
        RoundContext context, Digest seed, IReadOnlyCollection<CommittedUpdate> updates, IReadOnlyDictionary<ushort, ShareSum> keySums,
        IReadOnlyList<ushort> points, [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure)
    {
        if (points.Count == context.Agreement.Threshold && points.Distinct().Count() == points.Count && points.All(keySums.ContainsKey))
            return TryOpen(context, new CiphertextSum(context, seed, updates, MemoryPool<ulong>.Shared), keySums, points, out opened, out failure);
        opened = null;
        failure = "The key sum was combined from other than a threshold of the published shares.";
        return false;
    }

    /// <summary>
    /// The points that are certain to have sent a wrong share, if at most f members are malicious; empty where that cannot be told, and then one
    /// of both sides is wrong.
    /// </summary>
    /// <remarks>
    /// Only points of <paramref name="reported"/> count, whose shares of every dealer in the set passed the degree check: an honest member whose
    /// shares nobody checked may have been dealt bad ones. If m of these answered and m &gt;= t + 2f, at least t + f of them are honest and lie on
    /// the dealers' polynomials; polynomials that meet all but f of the m meet t of those, and are the same. So whoever is off lied.
    /// </remarks>
    /// <param name="sharing">M and t.</param>
    /// <param name="reported">The points whose share reports the closing rests on, more than t of them.</param>
    public IReadOnlyList<ushort> Liars(SharingParameters sharing, IReadOnlyCollection<ushort> reported)
    {
        ushort[] off = [.. Disagreeing.Where(reported.Contains)];
        int answers = Agreeing.Count(reported.Contains) + off.Length;
        return sharing.NamesLiars(answers) && off.Length <= sharing.ToleratedMalicious ? off : [];
    }

    private static bool TryOpen(
        RoundContext context, CiphertextSum ciphertexts, IReadOnlyDictionary<ushort, ShareSum> keySums, IReadOnlyList<ushort> points,
        [NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure)
    {
        opened = null;
        Dictionary<int, ShareSum> subset = points.ToDictionary(point => (int)point, point => keySums[point]);
        if (!ciphertexts.TryOpen(subset, out ulong[]? sums, out failure))
            return false;
        Dictionary<int, ShareSum> others = keySums.Where(pair => !subset.ContainsKey(pair.Key)).ToDictionary(pair => (int)pair.Key, pair => pair.Value);
        ushort[] disagreeing = [.. KeySumCombiner.Inconsistent(context.Sharing, subset, others).Select(point => (ushort)point)];
        opened = new OpenedSum([.. points], [.. keySums.Keys.Except(disagreeing).Order()], disagreeing, sums);
        return true;
    }
}
