using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A member's commitment to its encrypted update.</summary>
public readonly record struct RoundCommitment(Digest Commitment, LedgerStep Step);
