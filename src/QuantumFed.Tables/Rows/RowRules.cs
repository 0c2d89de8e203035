namespace QuantumFed.Tables;

/// <summary>Which column says what about a row.</summary>
internal sealed record RowRules(string LabelColumn, string? PositiveValue, string? SiteColumn, string? GroupColumn, int Members, long Seed)
{
    /// <summary>The hospital that a value of the site column stands for; by default itself.</summary>
    public Func<string, string> SiteOf { get; init; } = site => site;

    /// <summary>A column whose values may exclude a row.</summary>
    public string? ExclusionColumn { get; init; }

    /// <summary>The values that exclude.</summary>
    public IReadOnlySet<string> ExcludedValues { get; init; } = new HashSet<string>();

    /// <summary>Why, in words that follow <c>rows left out:</c>.</summary>
    public string ExclusionReason { get; init; } = "";
}
