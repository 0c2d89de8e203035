namespace QuantumFed.Protocol;

/// <summary>What members vote on. The numbers stand on the ledger.</summary>
public enum RegistryChange : byte
{
    /// <summary>A new party, with its role and keys.</summary>
    Admit = 1,

    /// <summary>An active party is suspended.</summary>
    Suspend = 2,

    /// <summary>A suspended party is active again.</summary>
    Reinstate = 3,

    /// <summary>An active party gets another role.</summary>
    SetRole = 4,

    /// <summary>A party gets another ML-DSA key for its records, another ML-KEM sealing key, or both.</summary>
    SetKeys = 5,
}
