namespace QuantumFed.Protocol;

/// <summary>What a party of the consortium may do. The numbers stand on the ledger.</summary>
public enum PartyRole : byte
{
    /// <summary>It trains, commits, attests, and votes on who belongs to the consortium.</summary>
    Member = 1,

    /// <summary>It opens and closes rounds; at most one is active.</summary>
    Coordinator = 2,

    /// <summary>It reads and judges; it has no vote.</summary>
    Regulator = 3,
}
