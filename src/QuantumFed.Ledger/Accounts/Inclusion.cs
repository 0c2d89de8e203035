namespace QuantumFed.Ledger;

/// <summary>Where a transaction stands.</summary>
/// <param name="Final">Its receipt once it is in a block that counts; null before.</param>
/// <param name="IsInBlock">Whether it is in a block of the chain, deep enough or not.</param>
internal readonly record struct Inclusion(TransactionReceipt? Final, bool IsInBlock);
