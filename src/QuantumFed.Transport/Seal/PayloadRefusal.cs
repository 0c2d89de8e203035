namespace QuantumFed.Transport;

/// <summary>Why a sealed payload was not opened. For the recipient's log and counters; the sender needs no more than that it was refused.</summary>
public enum PayloadRefusal
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>Its header is not one of this version.</summary>
    Malformed,

    /// <summary>It has no quantum key, and the recipient's floor asks for one.</summary>
    BelowFloor,

    /// <summary>It names more than one quantum key.</summary>
    SeveralKeys,

    /// <summary>It names a quantum key, and the recipient has none.</summary>
    NoKey,

    /// <summary>It names another quantum key than the recipient holds, or none.</summary>
    OtherKey,

    /// <summary>It was sealed to another party, with another key or in another context, or was touched: the commitment differs.</summary>
    NotSealedSo,
}
