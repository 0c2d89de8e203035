namespace QuantumFed.Report;

/// <summary>What one party could see of this run, and what not.</summary>
/// <param name="Party">A role or a name.</param>
/// <param name="Sees">Short texts.</param>
/// <param name="DoesNotSee">Short texts.</param>
public sealed record ReportVisibility(string Party, IReadOnlyList<string> Sees, IReadOnlyList<string> DoesNotSee);
