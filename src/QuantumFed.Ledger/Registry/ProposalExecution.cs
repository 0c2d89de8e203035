using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>How a proposal was carried.</summary>
/// <param name="By">Who executed it.</param>
/// <param name="Yes">The yes votes that counted.</param>
/// <param name="No">The no votes that counted.</param>
/// <param name="ActiveMembers">Of so many active members.</param>
/// <param name="Version">The registry's version that it made.</param>
/// <param name="Step">Where it stands.</param>
public sealed record ProposalExecution(EthereumAddress By, int Yes, int No, int ActiveMembers, ulong Version, LedgerStep Step);
