namespace QuantumFed.Trainers;

/// <summary>Why no frame could be read.</summary>
internal enum FrameFaultKind
{
    /// <summary>The stream ended.</summary>
    Ended,

    /// <summary>What was read is no frame.</summary>
    Malformed,
}
