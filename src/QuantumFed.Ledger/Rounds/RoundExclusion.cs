using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A member that committed but is not in the set, and the recorded reason, 1 to 255.</summary>
public readonly record struct RoundExclusion(EthereumAddress Member, byte Reason);
