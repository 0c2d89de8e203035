using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A party of the charter.</summary>
/// <param name="Account">Its account on the ledger.</param>
/// <param name="SigningKeyHash">SHA-256 of its ML-DSA public key.</param>
public readonly record struct CharterParty(EthereumAddress Account, Digest SigningKeyHash);
