using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A member's word that a closed round is wrong, with the hash of its evidence.</summary>
public readonly record struct RoundDispute(EthereumAddress Member, Digest EvidenceHash, LedgerStep Step);
