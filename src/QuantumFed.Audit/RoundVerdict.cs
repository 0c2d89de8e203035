using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>What the audit found of one round.</summary>
/// <param name="Round">The round.</param>
/// <param name="Phase">How it stands on the ledger.</param>
/// <param name="Participants">Members in the opened sum.</param>
/// <param name="Model">Digest of the model after it, as recorded.</param>
/// <param name="Attestations">Members whose signed attestations verified.</param>
/// <param name="Exclusions">Members that committed and are not in the sum.</param>
/// <param name="LinkReports">Members whose quantum link gave them no key, ascending by name.</param>
/// <param name="Steps">The ledger's transactions of the round, by block.</param>
/// <param name="Findings">What does not hold; empty if the round verifies.</param>
public sealed record RoundVerdict(
    RoundId Round, RecordedPhase Phase, IReadOnlyList<MemberId> Participants, Digest Model, IReadOnlyList<MemberId> Attestations,
    IReadOnlyList<Exclusion> Exclusions, IReadOnlyList<AuditedLinkReport> LinkReports, IReadOnlyList<AuditedStep> Steps, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Whether everything holds.</summary>
    public bool Verified => Findings.Count == 0;
}
