namespace QuantumFed.Protocol;

/// <summary>Why a member that committed is not in the round's set. The numbers stand on the ledger.</summary>
public enum ExclusionReason : byte
{
    /// <summary>Its update did not arrive by the deadline.</summary>
    NotDelivered = 1,

    /// <summary>What arrived is not what it committed to.</summary>
    NotTheCommitted = 2,

    /// <summary>A committee member could not open its share.</summary>
    ShareDoesNotOpen = 3,

    /// <summary>Its shares do not lie on polynomials of the agreed degree.</summary>
    InconsistentShares = 4,

    /// <summary>It reported on the ledger that it withholds its update: its policy demands a key of its quantum link, and there was none.</summary>
    QuantumLinkDown = 5,
}
