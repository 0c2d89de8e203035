namespace QuantumFed.Report;

/// <summary>What was done with a column of a table.</summary>
/// <param name="Name">The column's header.</param>
/// <param name="Treatment">For example <c>number, standardised</c>, <c>label</c> or <c>left out: identifier</c>.</param>
public sealed record ReportColumn(string Name, string Treatment);
