namespace QuantumFed.Report;

/// <summary>A part of the run that a real deployment would replace.</summary>
/// <param name="Part">For example <c>Patients</c> or <c>Ledger</c>.</param>
/// <param name="Note">What stood in for it, in one sentence.</param>
public sealed record ReportSimulation(string Part, string Note);
