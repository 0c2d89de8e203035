using QuantumFed.Learning;
using QuantumFed.Ledger;

namespace QuantumFed.Audit;

/// <summary>What an audit found.</summary>
/// <param name="Findings">What does not hold outside single rounds: the agreement, the archive's files, the chain.</param>
/// <param name="Remarks">What the verdict rests on besides: what whoever ran the audit accepted by hand.</param>
/// <param name="Rounds">One verdict for each round on the ledger.</param>
/// <param name="Proposals">What the members voted on, in the order of the proposals.</param>
/// <param name="Model">The last model, as replayed; null if a round does not replay.</param>
/// <param name="RoundsAgreed">Rounds that the agreement asks for in all; fewer are finished while the federation runs.</param>
/// <param name="Blocks">Blocks of the archived chain.</param>
/// <param name="DevelopmentChain">Whether the ledger is a development chain, whose operator could have rewritten it.</param>
/// <param name="Seals">The seals of the chain's blocks, as they verified against a genesis file; null if none was given, or they do not hold.</param>
public sealed record AuditReport(
    IReadOnlyList<AuditFinding> Findings, IReadOnlyList<AuditRemark> Remarks, IReadOnlyList<RoundVerdict> Rounds, IReadOnlyList<AuditedProposal> Proposals, ModelState? Model,
    int RoundsAgreed, int Blocks, bool DevelopmentChain, QbftSealedChain? Seals = null)
{
    /// <summary>Whether everything holds, and there was a round to look at.</summary>
    public bool Verified => Findings.Count == 0 && Rounds.Count > 0 && Rounds.All(round => round.Verified);

    /// <summary>Rounds that verified.</summary>
    public int RoundsVerified => Rounds.Count(round => round.Verified);

    /// <summary>Every finding, those of rounds included.</summary>
    public IEnumerable<AuditFinding> AllFindings => Findings.Concat(Rounds.SelectMany(round => round.Findings));
}
