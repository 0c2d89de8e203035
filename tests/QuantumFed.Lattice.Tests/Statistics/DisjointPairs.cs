namespace QuantumFed.Lattice.Tests;

/// <summary>Pairs (i, i + lag) that share no place: of independent samples they are independent, which overlapping pairs are not.</summary>
internal static class DisjointPairs
{
    /// <summary>The first places of the pairs among <paramref name="length"/> places: every other run of <paramref name="lag"/> places.</summary>
    internal static IEnumerable<int> At(int lag, int length)
    {
        for (int run = 0; run + 2 * lag <= length; run += 2 * lag)
        {
            for (int i = run; i < run + lag; i++)
                yield return i;
        }
    }
}
