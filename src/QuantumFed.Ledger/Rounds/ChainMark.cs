using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A block that was seen on a chain.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Its hash, which stands for all blocks before it.</param>
public readonly record struct ChainMark(ulong Number, Digest Hash);
