namespace QuantumFed.Report;

/// <summary>A member whose update is not in a round's sum.</summary>
/// <param name="Member">The member.</param>
/// <param name="Reason">As recorded.</param>
public sealed record ReportExclusion(string Member, string Reason);
