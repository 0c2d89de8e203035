using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Where a step of a round stands on the chain, and what binds it to its ML-DSA signature.</summary>
/// <param name="TransactionHash">The transaction's Keccak-256.</param>
/// <param name="BlockNumber">The block it is in.</param>
/// <param name="SignatureHash">SHA-256 of the ML-DSA signature; zero for freezing, which the contract decides and nobody signs.</param>
public readonly record struct LedgerStep(Digest TransactionHash, ulong BlockNumber, Digest SignatureHash);
