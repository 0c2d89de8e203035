namespace QuantumFed.Protocol;

/// <summary>What a key ceremony was about. The numbers stand on the ledger.</summary>
public enum CeremonyKind : byte
{
    /// <summary>Record or TLS keys were made.</summary>
    PartyKeys = 1,

    /// <summary>The first secret of a quantum link was made and carried to both ends.</summary>
    QuantumLink = 2,

    /// <summary>The keys of the ledger's validators were made.</summary>
    Validators = 3,

    /// <summary>Keys were destroyed.</summary>
    Destruction = 4,
}
