namespace QuantumFed.Learning;

/// <summary>How much a <see cref="CohortFinding"/> matters.</summary>
public enum FindingSeverity
{
    /// <summary>Training makes sense; a figure may be missing or a feature useless.</summary>
    Warning,

    /// <summary>Training makes no sense, and must not start.</summary>
    Error,
}
