using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A node's answer about its chain: the id, the first block, the newest, and the hashes of the blocks of some numbers (null where there is none).</summary>
internal sealed record ChainPeek(ulong ChainId, Digest Genesis, ChainMark Head, IReadOnlyList<Digest?> Hashes);
