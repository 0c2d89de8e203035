namespace QuantumFed.Report;

/// <summary>As many entries of a long list as a page can carry, spread evenly, the first and the last among them.</summary>
/// <param name="Shown">The entries to show.</param>
/// <param name="Note">The sentence that says what is left out; null if nothing is.</param>
internal sealed record Sample<T>(IReadOnlyList<T> Shown, string? Note)
{
    /// <summary>Takes at most <paramref name="most"/> of the entries.</summary>
    public static Sample<T> Spread(IReadOnlyList<T> all, int most, string noun) => all.Count <= most
        ? new Sample<T>(all, null)
        : new Sample<T>(
            [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))])],
            $"{Wording.Count(most)} of {Wording.Count(all.Count)} {noun} are shown, evenly spread, the first and the last among them; report.json has all.");

    /// <summary>Takes the first <paramref name="most"/> of the entries.</summary>
    public static Sample<T> First(IReadOnlyList<T> all, int most, string noun) => all.Count <= most
        ? new Sample<T>(all, null)
        : new Sample<T>([.. all.Take(most)], $"The first {Wording.Count(most)} of {Wording.Count(all.Count)} {noun} are shown; report.json has all.");
}
