namespace QuantumFed.Qkd;

/// <summary>What is simulated.</summary>
/// <param name="Channel">The fibre and the receiver.</param>
/// <param name="Protocol">What the two parties agreed on.</param>
/// <param name="Eavesdropper">Whoever holds the fibre.</param>
public sealed record SimulatedLink(OpticalChannel Channel, DecoyProtocol Protocol, IEavesdropper Eavesdropper);
