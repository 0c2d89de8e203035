namespace QuantumFed.Ledger;

/// <summary>How transactions are sent.</summary>
public sealed record TransactionOptions
{
    /// <summary>How long to wait for a transaction to be in a block. On Besu a block takes about 2 seconds.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where signed transactions are kept until their outcome is known; null to keep them nowhere.</summary>
    public TransactionJournal? Journal { get; init; }
}
