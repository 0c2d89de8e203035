using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>A transaction on the ledger, as the party that sent it told.</summary>
/// <param name="Party">Who sent it.</param>
/// <param name="Event">The event that named it.</param>
/// <param name="Round">The round.</param>
/// <param name="Transaction">Its hash, without 0x.</param>
internal sealed record LedgerStep(string Party, string Event, RoundId? Round, string Transaction);
