namespace QuantumFed.Report;

/// <summary>What a member sent and received in a phase of a round: the mean over members.</summary>
/// <param name="Name">As in <see cref="ReportPhase"/>.</param>
/// <param name="SentByMembers">Bytes a member sent; null if not measured.</param>
/// <param name="ReceivedByMembers">Bytes a member received; null if not measured.</param>
public sealed record ReportTraffic(string Name, double? SentByMembers, double? ReceivedByMembers);
