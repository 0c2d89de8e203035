namespace QuantumFed.Node;

/// <summary>Which ends of a quantum link a process runs.</summary>
[Flags]
public enum LinkEnds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The one that sends light.</summary>
    Transmitter = 1,

    /// <summary>The one that measures.</summary>
    Receiver = 2,

    /// <summary>Both, as on a developer's machine.</summary>
    Both = Transmitter | Receiver,
}
