namespace QuantumFed.Audit;

/// <summary>What a reader of a verdict has to know, and what is no reason against it.</summary>
/// <param name="Subject">What it is about, such as a version of the registry.</param>
/// <param name="Text">A sentence.</param>
public sealed record AuditRemark(string Subject, string Text);
