namespace QuantumFed.Protocol;

/// <summary>The ledger the consortium agreed on.</summary>
/// <param name="ChainId">The chain's id (EIP-155).</param>
/// <param name="Registry">The registry contract.</param>
/// <param name="Rounds">The rounds contract.</param>
/// <param name="Deployer">The account that deploys them.</param>
/// <param name="DevelopmentChain">Whether this is a development chain, whose record one operator could rewrite. Shown wherever the record is.</param>
/// <param name="Voting">When a proposal of the members is carried.</param>
public sealed record AgreedLedger(
    ulong ChainId, EthereumAddress Registry, EthereumAddress Rounds, EthereumAddress Deployer, bool DevelopmentChain, VotingRules Voting);
