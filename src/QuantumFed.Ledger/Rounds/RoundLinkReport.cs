using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A member's word that its quantum link gave it no key: what it did, and the hash of its signed report.</summary>
public readonly record struct RoundLinkReport(LinkOutcome Outcome, Digest ReportHash, LedgerStep Step);
