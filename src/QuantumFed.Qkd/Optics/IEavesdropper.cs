using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Whoever holds the fibre. The same attack is told twice, and a test compares the two: what it does to a pulse, and what that comes to on average.</summary>
/// <remarks>Implementations are immutable; they keep nothing between pulses.</remarks>
public interface IEavesdropper
{
    /// <summary>The attack's name, in lower case.</summary>
    string Name { get; }

    /// <summary>The share of pulses that is attacked, from 0 to 1.</summary>
    double Fraction { get; }

    /// <summary>What becomes of a pulse between the sender's door and the receiver's.</summary>
    PulseInFlight Intercept(PulseInFlight sent, OpticalChannel channel, RandomStream physics);

    /// <summary>The cases, in closed form, for pulses of this mean photon number.</summary>
    IReadOnlyList<ArrivalCase> Arrivals(double meanPhotonNumber, OpticalChannel channel);
}
