namespace QuantumFed.Protocol;

/// <summary>A member that committed but is not in the round's set, and why.</summary>
public sealed record Exclusion(MemberId Member, ExclusionReason Reason);
