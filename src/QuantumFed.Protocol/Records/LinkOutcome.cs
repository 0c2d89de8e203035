namespace QuantumFed.Protocol;

/// <summary>What a member did in a round in which its quantum link gave it no key. The numbers stand on the ledger.</summary>
public enum LinkOutcome : byte
{
    /// <summary>It sends no update in this round, because its policy demands a quantum key.</summary>
    Withheld = 1,

    /// <summary>It seals its update with ML-KEM only, as its policy allows.</summary>
    Downgraded = 2,
}
