using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>A member's word, on the ledger, that its quantum link gave it no key in a round.</summary>
/// <param name="Member">The member.</param>
/// <param name="Outcome">What it did, as the ledger has it.</param>
/// <param name="Record">The signed report, with failure, stored keys and detail; null unless the archive has it and it is what the ledger records.</param>
/// <param name="Block">The block that holds the transaction.</param>
/// <param name="Transaction">The transaction's hash.</param>
public sealed record AuditedLinkReport(MemberId Member, LinkOutcome Outcome, LinkReport? Record, ulong Block, Digest Transaction);
