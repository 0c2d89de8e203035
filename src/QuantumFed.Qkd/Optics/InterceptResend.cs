using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Measures a share of the pulses at the sender's door, each in a basis chosen at random, and sends on what was found.</summary>
/// <remarks>An ideal instrument: it sees every photon, makes no error, and sends as many photons as there were, so that no gain changes. A wrong basis makes
/// the receiver's bit random: a quarter of the attacked bits are wrong (Bennett and Brassard 1984), and with misalignment 1/4 + e_d / 2.</remarks>
public sealed class InterceptResend : IEavesdropper
{
    /// <summary>Attacks this share of the pulses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public InterceptResend(double fraction) => Fraction = AttackedFraction.Checked(fraction);

    /// <inheritdoc/>
    public string Name => "intercept-resend";

    /// <inheritdoc/>
    public double Fraction { get; }

    /// <inheritdoc/>
    public PulseInFlight Intercept(PulseInFlight sent, OpticalChannel channel, RandomStream physics)
    {
        ArgumentNullException.ThrowIfNull(physics);
        if (sent.Photons == 0 || physics.NextDouble() >= Fraction)
            return sent;
        ulong coins = physics.NextUInt64();
        Basis basis = (coins & 1) == 0 ? Basis.X : Basis.Z;
        return basis == sent.Basis ? sent with { IsKnownToEavesdropper = true } : sent with { Basis = basis, Bit = (coins & 2) != 0 };
    }

    /// <inheritdoc/>
    public IReadOnlyList<ArrivalCase> Arrivals(double meanPhotonNumber, OpticalChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var cases = new List<ArrivalCase>();
        foreach (ArrivalCase honest in NoEavesdropper.Honest(meanPhotonNumber, channel, 1))
        {
            if (honest.Emitted == PhotonNumberClass.None)
            {
                cases.Add(honest);
                continue;
            }
            cases.Add(honest with { Probability = (1 - Fraction) * honest.Probability });
            cases.Add(honest with { Probability = Fraction / 2 * honest.Probability, IsKnownToEavesdropper = true });
            cases.Add(honest with { Probability = Fraction / 2 * honest.Probability, ErrorRate = 0.5 });
        }
        return cases;
    }
}
