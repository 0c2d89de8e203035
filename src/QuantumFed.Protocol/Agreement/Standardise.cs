namespace QuantumFed.Protocol;

/// <summary>How features are brought to one scale before training.</summary>
public enum Standardise
{
    /// <summary>Each centre from its own training rows.</summary>
    Centre,

    /// <summary>From the encrypted joint counts, sums and squares of all training rows (a first round of the same protocol).</summary>
    Federated,
}
