using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>Which rows belong to which hospital.</summary>
/// <param name="Names">The hospitals' names, in ordinal order.</param>
/// <param name="SiteOfRow">Per row the hospital's place in <paramref name="Names"/>, or -1 where the row is left out.</param>
internal sealed record SiteAssignment(IReadOnlyList<string> Names, int[] SiteOfRow)
{
    /// <summary>The fewest hospitals of a federation.</summary>
    public const int MinSites = 3;

    /// <summary>The most hospitals.</summary>
    public const int MaxSites = 16;

    /// <summary>A hospital with fewer rows is merged with others.</summary>
    public const int MinRows = 20;

    /// <summary>Where small hospitals go.</summary>
    public const string Rest = "other-sites";

    /// <summary>Deals rows by a column's values.</summary>
    /// <param name="values">The different values, as hospitals' names are to be made of them; empty where missing.</param>
    /// <param name="valueOfRow">Per row the place of its value, or -1 where the row is left out already.</param>
    /// <param name="notes">Gets what was merged.</param>
    /// <param name="refusal">Why there is no federation, where there is none.</param>
    public static SiteAssignment? ByColumn(IReadOnlyList<string> values, int[] valueOfRow, List<string> notes, out string refusal)
    {
        int[] counts = new int[values.Count];
        foreach (int value in valueOfRow)
            if (value >= 0) counts[value]++;
        int[] bySize = [.. Enumerable.Range(0, values.Count).Where(v => counts[v] > 0).OrderByDescending(v => counts[v]).ThenBy(v => values[v], StringComparer.Ordinal)];
        int[] large = [.. bySize.Where(v => counts[v] >= MinRows)];
        int[] kept = large.Length > MaxSites || (large.Length == MaxSites && bySize.Length > MaxSites) ? large[..(MaxSites - 1)] : large;
        int[] rest = bySize[kept.Length..];
        int restRows = rest.Sum(v => counts[v]);
        bool restIsSite = restRows >= MinRows;

        int[] siteOfValue = new int[values.Count];
        Array.Fill(siteOfValue, -1);
        HashSet<string> taken = new(SiteNames.Reserved, StringComparer.Ordinal);
        List<(string Name, int[] Values)> sites = [];
        if (restIsSite) sites.Add((SiteNames.Unique(Rest, taken), rest));
        foreach (int value in kept.OrderBy(v => values[v], StringComparer.Ordinal))
        {
            string name = SiteNames.Unique(values[value].Length == 0 ? "unknown" : SiteNames.Sanitise(values[value]), taken);
            if (values[value].Length == 0)
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"{counts[value]} rows name no site; they are the hospital '{name}'."));
            sites.Add((name, [value]));
        }

        if (restIsSite)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"sites with few rows: {rest.Length} ({restRows} rows together) are the hospital '{sites[0].Name}'."));
        sites.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (int i = 0; i < sites.Count; i++)
            foreach (int value in sites[i].Values) siteOfValue[value] = i;
        refusal = sites.Count >= MinSites ? "" : string.Create(CultureInfo.InvariantCulture,
            $"{sites.Count} site{(sites.Count == 1 ? " has" : "s have")} at least {MinRows} usable rows; a federation needs {MinSites}.");
        return refusal.Length > 0 ? null : new SiteAssignment([.. sites.Select(s => s.Name)], Array.ConvertAll(valueOfRow, v => v < 0 ? -1 : siteOfValue[v]));
    }

    /// <summary>Deals rows to a number of hospitals at random.</summary>
    public static SiteAssignment? BySeed(int[] labels, int[]? groups, int members, long seed, out string refusal)
    {
        int rows = labels.Count(label => label >= 0);
        refusal = members is < MinSites or > MaxSites
            ? string.Create(CultureInfo.InvariantCulture, $"a table is dealt to {MinSites} to {MaxSites} members, not to {members}.")
            : rows < members * MinRows
                ? string.Create(CultureInfo.InvariantCulture, $"{rows} usable rows are too few for {members} hospitals; each needs {MinRows}.")
                : "";
        if (refusal.Length > 0) return null;

        int[] sites = SeededSplit.ToMembers(labels, groups, members, seed);
        for (int row = 0; row < sites.Length; row++)
            if (labels[row] < 0) sites[row] = -1;
        string format = members < 10 ? "0" : "00";
        return new SiteAssignment([.. Enumerable.Range(1, members).Select(i => "site-" + i.ToString(format, CultureInfo.InvariantCulture))], sites);
    }
}
