using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Tables;

/// <summary>
/// Deals rows to hospitals and to test sets. A unit is a row, or all rows of one group. Units are put in order by site, class and size,
/// at random within; then every unit whose place passes a multiple of 1/0.3 is for testing.
/// </summary>
/// <remarks>So of the units of one site, class and size, 30 % are for testing within one unit, whichever order chance gives.</remarks>
internal static class SeededSplit
{
    private const string Domain = "QuantumFed.Tables.Split.v1";

    /// <summary>Deals rows to members in turn, so that each gets as many of each class within one unit.</summary>
    /// <returns>The member of each row.</returns>
    public static int[] ToMembers(int[] labels, int[]? groups, int members, long seed)
    {
        int[] sites = new int[labels.Length];
        List<Unit> units = UnitsOf(labels, groups, sites);
        Arrange(units, seed, "members");
        for (int i = 0; i < units.Count; i++)
            foreach (int row in units[i].Rows) sites[row] = i % members;
        return sites;
    }

    /// <summary>Chooses the rows for testing.</summary>
    public static bool[] ToTest(int[] labels, int[] sites, int[]? groups, long seed)
    {
        List<Unit> units = UnitsOf(labels, groups, sites);
        Arrange(units, seed, "test");
        bool[] test = new bool[labels.Length];
        for (int i = 0; i < units.Count; i++)
        {
            // floor(0.3 i + 1/2) grows by one at the chosen places.
            bool chosen = (3L * (i + 1) + 5) / 10 > (3L * i + 5) / 10;
            foreach (int row in units[i].Rows) test[row] = chosen;
        }

        return test;
    }

    private static void Arrange(List<Unit> units, long seed, string purpose)
    {
        Span<byte> seedBytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(seedBytes, seed);
        using RandomStream random = RandomStream.FromSeed(seedBytes, $"{Domain}/{purpose}");
        Unit[] shuffled = [.. units];
        random.Shuffle<Unit>(shuffled);
        units.Clear();
        // OrderBy keeps the random order of units that are alike.
        units.AddRange(shuffled.OrderBy(u => u.Site).ThenBy(u => u.Label).ThenBy(u => u.Rows.Length));
    }

    /// <summary>One unit per group, at the site of its first row, with its rarest class; rows without a group are units.</summary>
    private static List<Unit> UnitsOf(int[] labels, int[]? groups, int[] sites)
    {
        List<Unit> units = [];
        Dictionary<int, List<int>> byGroup = [];
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0) continue;
            if (groups is null || groups[row] < 0)
            {
                units.Add(new Unit(sites[row], labels[row], [row]));
                continue;
            }

            if (!byGroup.TryGetValue(groups[row], out List<int>? rows)) byGroup.Add(groups[row], rows = []);
            rows.Add(row);
        }

        int[] frequency = new int[256];
        foreach (int label in labels)
            if (label >= 0) frequency[label]++;
        units.AddRange(byGroup.Values.Select(rows =>
            new Unit(sites[rows[0]], rows.Select(row => labels[row]).MinBy(label => (frequency[label], label)), [.. rows])));
        return units;
    }

    private sealed record Unit(int Site, int Label, int[] Rows);
}
