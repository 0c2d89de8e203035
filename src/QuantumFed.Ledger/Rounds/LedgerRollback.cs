namespace QuantumFed.Ledger;

/// <summary>Blocks were replaced: events told of blocks above this one no longer stand; those of the blocks in their place follow.</summary>
/// <param name="LastKept">The last block that is as it was.</param>
public sealed record LedgerRollback(ulong LastKept) : LedgerNews;
