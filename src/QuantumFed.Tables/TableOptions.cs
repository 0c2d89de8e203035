namespace QuantumFed.Tables;

/// <summary>What an operator says about a table.</summary>
/// <param name="Path">The file.</param>
/// <param name="LabelColumn">The column to predict.</param>
/// <param name="PositiveValue">The value that is class 1, every other being 0; <see langword="null"/> to take the classes as they are.</param>
/// <param name="SiteColumn">The column that names each row's hospital; <see langword="null"/> to deal rows to <paramref name="Members"/>.</param>
/// <param name="GroupColumn">The column whose equal values (a patient's number) stay on one side of the split.</param>
/// <param name="DroppedColumns">Columns not to use.</param>
/// <param name="Members">The number of hospitals where there is no site column, 3 to 16.</param>
/// <param name="Seed">Any number; it decides the split and, without a site column, who holds which row.</param>
public sealed record TableOptions(
    string Path, string LabelColumn, string? PositiveValue, string? SiteColumn, string? GroupColumn, IReadOnlyList<string> DroppedColumns,
    int Members, long Seed);
