using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Where a federation's contracts are.</summary>
/// <param name="ChainId">The chain (EIP-155).</param>
/// <param name="Registry">The ConsortiumRegistry.</param>
/// <param name="Rounds">The RoundLedger.</param>
public sealed record LedgerDeployment(ulong ChainId, EthereumAddress Registry, EthereumAddress Rounds);
