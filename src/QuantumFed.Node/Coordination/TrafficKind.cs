namespace QuantumFed.Node;

/// <summary>What goes between members and the coordinator.</summary>
public enum TrafficKind
{
    /// <summary>Notices of the rounds, to members.</summary>
    Notices,

    /// <summary>Signed records, from members.</summary>
    Records,

    /// <summary>Sealed updates, from members.</summary>
    Updates,

    /// <summary>Sealed shares, to the committee.</summary>
    Shares,

    /// <summary>Plans, closings and transcripts, to members.</summary>
    Objects,
}
