namespace QuantumFed.Qkd;

/// <summary>A pulse on its way to the receiver.</summary>
/// <param name="Photons">How many photons it has.</param>
/// <param name="Basis">The basis its bit is encoded in.</param>
/// <param name="Bit">The bit.</param>
/// <param name="DetectionProbability">The probability that one of its photons survives what is left of the way and is detected.</param>
/// <param name="IsKnownToEavesdropper">Whether an eavesdropper will know the sender's bit for certain once bases are announced.</param>
public readonly record struct PulseInFlight(int Photons, Basis Basis, bool Bit, double DetectionProbability, bool IsKnownToEavesdropper);
