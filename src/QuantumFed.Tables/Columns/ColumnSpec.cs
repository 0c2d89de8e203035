namespace QuantumFed.Tables;

/// <summary>What is to become of a source column, before any row was looked at.</summary>
/// <param name="Source">The column.</param>
/// <param name="Wish">The kind of feature wanted.</param>
internal sealed record ColumnSpec(string Source, ColumnWish Wish)
{
    public CellReading Reading { get; init; } = CellReading.AsWritten;

    public NumberScale Scale { get; init; } = NumberScale.Plain;

    /// <summary>The most categories; the rest is "other".</summary>
    public int MaxCategories { get; init; } = 20;

    /// <summary>The kind in a summary where the column has a role of its own: label, site, group.</summary>
    public string Role { get; init; } = "dropped";

    /// <summary>Why a column is dropped that is not even looked at.</summary>
    public string Reason { get; init; } = "";
}
