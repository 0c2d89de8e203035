namespace QuantumFed.Audit;

/// <summary>Something that does not hold.</summary>
/// <param name="Subject">What it concerns: a file, a transcript object, a ledger step.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record AuditFinding(string Subject, string Problem);
