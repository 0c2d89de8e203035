namespace QuantumFed.Tables;

/// <summary>What became of one source column: a row of a printed table.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind"><c>number</c>, <c>category</c>, <c>date</c>, <c>dropped</c>, <c>label</c>, <c>site</c> or <c>group</c>.</param>
/// <param name="MissingCount">The training rows without a value; 0 where none was counted (label, site, group, dropped by request).</param>
/// <param name="FeatureCount">The features made of it.</param>
/// <param name="Description">What was done or why it was dropped, in one line.</param>
public sealed record ColumnSummary(string Name, string Kind, int MissingCount, int FeatureCount, string Description);
