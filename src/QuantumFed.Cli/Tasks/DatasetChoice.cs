namespace QuantumFed.Cli;

/// <summary>Which data a command is to work on.</summary>
/// <param name="Name">synthetic, heart, diabetes or csv.</param>
/// <param name="Folder">Where a known data set lies.</param>
/// <param name="Members">How many hospitals, for generated data and for a table without a site column.</param>
/// <param name="Seed">Seed of generation, splits and training; never of keys.</param>
/// <param name="Csv">The table's file.</param>
/// <param name="Label">Its label column.</param>
/// <param name="Positive">The label's value that counts as 1.</param>
/// <param name="Site">The column that names a row's hospital.</param>
/// <param name="Group">The column whose equal values stay together, such as a patient's number.</param>
/// <param name="Dropped">Columns to leave out.</param>
internal sealed record DatasetChoice(
    string Name, string? Folder, int Members, long Seed, string? Csv, string? Label, string? Positive, string? Site, string? Group,
    IReadOnlyList<string> Dropped)
{
    /// <summary>The name of a table of the user's own.</summary>
    public const string CsvName = "csv";
}
