namespace QuantumFed.Report;

/// <summary>The ledger and this run's records on it.</summary>
public sealed record ReportLedger
{
    /// <summary>The chain's id (EIP-155).</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The address of the registry's contract, beginning with 0x.</summary>
    public required string Registry { get; init; }

    /// <summary>The address of the rounds' contract, beginning with 0x.</summary>
    public required string Rounds { get; init; }

    /// <summary>Whether one operator could have rewritten it.</summary>
    public required bool DevelopmentChain { get; init; }

    /// <summary>Blocks archived and verified.</summary>
    public int? Blocks { get; init; }

    /// <summary>Every record of the run, by block.</summary>
    public IReadOnlyList<ReportLedgerRecord> Records { get; init; } = [];
}
