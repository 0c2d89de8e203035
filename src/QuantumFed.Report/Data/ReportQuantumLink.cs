namespace QuantumFed.Report;

/// <summary>A member's quantum link over the whole run; a figure is null where it was not measured.</summary>
public sealed record ReportQuantumLink
{
    /// <summary>The member at its end.</summary>
    public required string Member { get; init; }

    /// <summary>What the member does without a key, for example <c>require</c> or <c>allow-pq-only</c>; null if unknown.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether the quantum channel was simulated.</summary>
    public required bool Simulated { get; init; }

    /// <summary>Length of the fibre in kilometres.</summary>
    public double? DistanceKm { get; init; }

    /// <summary>The eavesdropper that was simulated on it; null if there was none.</summary>
    public string? Eavesdropper { get; init; }

    /// <summary>Blocks that gave keys.</summary>
    public long? BlocksDelivered { get; init; }

    /// <summary>Blocks that were given up.</summary>
    public long? BlocksAborted { get; init; }

    /// <summary>Quantum bit error rate, from 0 to 1.</summary>
    public double? Qber { get; init; }

    /// <summary>Keys that went into seals.</summary>
    public long? KeysUsed { get; init; }

    /// <summary>The link's alarm in one sentence; null if it raised none.</summary>
    public string? Alarm { get; init; }
}
