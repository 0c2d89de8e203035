namespace QuantumFed.Ledger;

/// <summary>How transactions are sent.</summary>
public sealed record TransactionOptions
{
    private readonly int _confirmations;

    /// <summary>How long to wait for a transaction to be in a block. On Besu a block takes about 2 seconds.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many blocks must follow a transaction's before it counts, from 0. QBFT's and the development chain's blocks are final at once; on
    /// a chain that reorganizes, a transaction that fell out of it is sent again until it is this deep.
    /// </summary>
    public int Confirmations
    {
        get => _confirmations;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Confirmations));
            _confirmations = value;
        }
    }

    /// <summary>Where signed transactions are kept until their outcome is known; null to keep them nowhere.</summary>
    public TransactionJournal? Journal { get; init; }
}
