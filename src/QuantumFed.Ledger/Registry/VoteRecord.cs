using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A vote.</summary>
/// <param name="Voter">The member.</param>
/// <param name="Support">Whether it is a yes.</param>
/// <param name="Version">The registry's version when it was cast: it counts as long as the voter has been a member since then without a break.</param>
/// <param name="Step">Where it stands.</param>
public sealed record VoteRecord(EthereumAddress Voter, bool Support, ulong Version, LedgerStep Step);
