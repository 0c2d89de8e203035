using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What a poll of <see cref="ChainWatch"/> found: a chain that goes on from all that was seen of it.</summary>
/// <param name="Genesis">The hash of the first block.</param>
/// <param name="Head">The newest block.</param>
/// <param name="ReplacedFrom">The lowest block that may have been replaced since the last poll, above the depth that counts; null if none was.</param>
public readonly record struct ChainView(Digest Genesis, ChainMark Head, ulong? ReplacedFrom);
