namespace QuantumFed.Report;

/// <summary>How long a phase of a round took.</summary>
/// <param name="Name"><c>keys</c>, <c>training</c>, <c>upload</c>, <c>shares</c>, <c>opening</c>, <c>finalising</c>, <c>replay</c>, or another; the same name in every round.</param>
/// <param name="Seconds">By one clock, from its start to the start of the next; null if not measured.</param>
public sealed record ReportPhase(string Name, double? Seconds);
