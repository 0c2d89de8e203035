using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A party of the charter.</summary>
/// <param name="Account">Its account on the ledger.</param>
/// <param name="SigningKeyHash">SHA-256 of its ML-DSA public key.</param>
/// <param name="SealingKeyHash">SHA-256 of its ML-KEM encapsulation key; zero if it has none that outlives a round, as members have none.</param>
public readonly record struct CharterParty(EthereumAddress Account, Digest SigningKeyHash, Digest SealingKeyHash = default);
