using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The newest block of a chain.</summary>
/// <param name="BlockNumber">Its number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Timestamp">Unix time in seconds, as the block's maker said.</param>
public readonly record struct LedgerHead(ulong BlockNumber, Digest Hash, ulong Timestamp);
