namespace QuantumFed.Report;

/// <summary>A setting of the algorithm, as text.</summary>
/// <param name="Name">For example <c>learning rate</c>.</param>
/// <param name="Value">The value in the invariant culture, with its unit.</param>
public sealed record ReportSetting(string Name, string Value);
