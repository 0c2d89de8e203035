namespace QuantumFed.Protocol;

/// <summary>How far a round is on the ledger.</summary>
public enum RecordedPhase
{
    /// <summary>Not opened.</summary>
    None,

    /// <summary>Members commit.</summary>
    Open,

    /// <summary>No more commitments; members reveal.</summary>
    Frozen,

    /// <summary>The set is fixed; the committee may open its sum.</summary>
    Closed,

    /// <summary>Done: the model is recorded.</summary>
    Finalized,

    /// <summary>Opened, but the sum did not decode: it counts as opened, the model stays.</summary>
    Failed,

    /// <summary>Given up before it was closed.</summary>
    Abandoned,
}
