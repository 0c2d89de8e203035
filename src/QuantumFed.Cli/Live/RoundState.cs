namespace QuantumFed.Cli;

/// <summary>How far a round has come.</summary>
internal enum RoundState
{
    /// <summary>It is in progress.</summary>
    Running,

    /// <summary>Its model stands on the ledger.</summary>
    Finalised,

    /// <summary>It was opened and gave no model.</summary>
    Failed,

    /// <summary>It was given up before anything was opened.</summary>
    Abandoned,
}
