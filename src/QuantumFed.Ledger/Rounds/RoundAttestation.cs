using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A member's word that it replayed the round and got this model.</summary>
public readonly record struct RoundAttestation(Digest ModelHash, LedgerStep Step);
