namespace QuantumFed.Ledger;

/// <summary>How far a round has come on the ledger; the contract's numbers.</summary>
public enum RoundPhase
{
    /// <summary>Never opened.</summary>
    None = 0,

    /// <summary>Members may commit.</summary>
    Open = 1,

    /// <summary>Nobody may commit any more; updates may be revealed.</summary>
    Frozen = 2,

    /// <summary>The set is fixed; the round counts as opened from here on.</summary>
    Closed = 3,

    /// <summary>A new model stands.</summary>
    Finalized = 4,

    /// <summary>The sum did not decode; the model stays.</summary>
    Failed = 5,

    /// <summary>Given up before it was closed; nothing of it is ever opened.</summary>
    Abandoned = 6,
}
