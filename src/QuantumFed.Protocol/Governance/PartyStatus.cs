namespace QuantumFed.Protocol;

/// <summary>Whether a party may act now. The numbers stand on the ledger.</summary>
public enum PartyStatus : byte
{
    /// <summary>It may act.</summary>
    Active = 1,

    /// <summary>The members suspended it: it takes no part in what is opened from then on, and what it did before stands.</summary>
    Suspended = 2,
}
