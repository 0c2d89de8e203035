namespace QuantumFed.Ledger;

/// <summary>How transactions are sent.</summary>
public sealed record TransactionOptions
{
    /// <summary>The most that <see cref="Confirmations"/> may be: as many blocks as a <see cref="LogFollower"/> remembers.</summary>
    public const int MostConfirmations = 128;

    private readonly int _confirmations;

    /// <summary>How long to wait for a transaction to be in a block, and then for each block that must follow it. On Besu a block takes about 2 seconds.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many blocks must follow a transaction's before it counts, 0 to <see cref="MostConfirmations"/>. QBFT's and the development chain's blocks are
    /// final at once; on a chain that reorganizes, a transaction that fell out of it is sent again until it is this deep. A chain that makes blocks
    /// for transactions only, as the development chain does, may never come that far.
    /// </summary>
    public int Confirmations
    {
        get => _confirmations;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Confirmations));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostConfirmations, nameof(Confirmations));
            _confirmations = value;
        }
    }

    /// <summary>Where signed transactions are kept until their outcome is known; null to keep them nowhere.</summary>
    public TransactionJournal? Journal { get; init; }
}
