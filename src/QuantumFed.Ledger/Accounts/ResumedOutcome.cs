namespace QuantumFed.Ledger;

/// <summary>How a transaction of an earlier process ended.</summary>
public enum ResumedOutcome
{
    /// <summary>It is in a block and succeeded.</summary>
    Included,

    /// <summary>It is in a block and the contract refused it.</summary>
    Reverted,

    /// <summary>Another transaction used its nonce, or the node refused it for good.</summary>
    Replaced,
}
