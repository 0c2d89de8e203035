using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>Several words over the same points, whose errors are in the same places: what one committee member got wrong is wrong in all but
/// chance agreements. Public values only.</summary>
/// <param name="points">The points, ascending.</param>
/// <param name="words">At least one word, each as long as <paramref name="points"/>.</param>
/// <param name="t">Each right word is a polynomial of degree below t.</param>
internal sealed class ReedSolomonWords(uint[] points, uint[][] words, int t)
{
    internal int Length => points.Length;

    /// <summary>The places where all words meet their polynomials, if these are found from the places left when <paramref name="erased"/> is taken out
    /// and at most floor((left - t)/2) of those are wrong.</summary>
    /// <param name="erased">Places that are not looked at, ascending; afterwards they count among the right if they are.</param>
    /// <param name="right">The places, ascending: at least t.</param>
    internal bool TryDecode(ReadOnlySpan<int> erased, [NotNullWhen(true)] out int[]? right)
    {
        right = null;
        int[] kept = new int[points.Length - erased.Length];
        for (int place = 0, i = 0, e = 0; place < points.Length; place++)
        {
            if (e < erased.Length && erased[e] == place)
                e++;
            else
                kept[i++] = place;
        }
        int errors = (kept.Length - t) / 2;
        uint[] keptPoints = Array.ConvertAll(kept, place => points[place]);
        bool[] off = new bool[points.Length];
        foreach (uint[] word in words)
        {
            if (!ReedSolomon.TryDecode(keptPoints, Array.ConvertAll(kept, place => word[place]), t, errors, out uint[]? polynomial))
                return false;
            for (int place = 0; place < off.Length; place++)
                off[place] |= ReedSolomon.Evaluate(polynomial, points[place]) != word[place];
        }
        if (kept.Count(place => off[place]) > errors)
            return false;
        right = [.. Enumerable.Range(0, off.Length).Where(place => !off[place])];
        return true;
    }
}
