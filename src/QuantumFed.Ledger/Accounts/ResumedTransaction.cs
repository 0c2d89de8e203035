using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What became of a transaction that an earlier process signed.</summary>
/// <param name="Hash">Its Keccak-256.</param>
/// <param name="Nonce">Its nonce.</param>
/// <param name="Outcome">How it ended.</param>
public readonly record struct ResumedTransaction(Digest Hash, ulong Nonce, ResumedOutcome Outcome);
