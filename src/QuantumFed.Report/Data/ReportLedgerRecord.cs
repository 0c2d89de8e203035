namespace QuantumFed.Report;

/// <summary>One record on the ledger.</summary>
/// <param name="Block">The block that holds it.</param>
/// <param name="Round">The round it belongs to; null for the registry's records.</param>
/// <param name="Step">The contract's function: <c>openRound</c>, <c>commitUpdate</c>, <c>closeRound</c>, ...</param>
/// <param name="Party">Who sent it, by name, or by address where the name is not known.</param>
/// <param name="Transaction">The transaction's hash, beginning with 0x.</param>
public sealed record ReportLedgerRecord(ulong Block, ulong? Round, string Step, string Party, string Transaction);
