using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Replaces the fibre by a perfect one behind a mirror that lets through what the fibre did, and keeps the light that the fibre would have lost.</summary>
/// <remarks>Nothing that the receiver sees changes, so nothing can detect it. It is what privacy amplification pays for: the bound of the decoy method counts every
/// pulse with several photons as known.</remarks>
public sealed class BeamSplitting : IEavesdropper
{
    /// <summary>Attacks this share of the pulses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public BeamSplitting(double fraction) => Fraction = AttackedFraction.Checked(fraction);

    /// <inheritdoc/>
    public string Name => "beam-splitting";

    /// <inheritdoc/>
    public double Fraction { get; }

    /// <inheritdoc/>
    public PulseInFlight Intercept(PulseInFlight sent, OpticalChannel channel, RandomStream physics)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(physics);
        if (sent.Photons == 0 || physics.NextDouble() >= Fraction)
            return sent;
        double passes = channel.FibreTransmittance;
        int passed = 0;
        for (int photon = 0; photon < sent.Photons; photon++)
            passed += physics.NextDouble() < passes ? 1 : 0;
        return sent with { Photons = passed, DetectionProbability = channel.ReceiverEfficiency, IsKnownToEavesdropper = passed < sent.Photons };
    }

    /// <inheritdoc/>
    public IReadOnlyList<ArrivalCase> Arrivals(double meanPhotonNumber, OpticalChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        // A Poisson number of photons, split: what is kept and what passes are independent Poisson numbers.
        double passing = meanPhotonNumber * channel.FibreTransmittance, kept = meanPhotonNumber - passing;
        double nothingKept = Math.Exp(-kept), click = 1 - Math.Exp(-passing * channel.ReceiverEfficiency);
        double single = PoissonPulse.Probability(PhotonNumberClass.One, meanPhotonNumber);
        double singlePassed = single * channel.FibreTransmittance, singleKept = single - singlePassed;
        double multipleUnknown = PoissonPulse.Probability(PhotonNumberClass.Several, passing) * nothingKept;
        double multipleKnown = Math.Max(0, PoissonPulse.Probability(PhotonNumberClass.Several, meanPhotonNumber) - multipleUnknown);
        // Nothing kept, and several passed: all clicks with nothing kept, but the single photons'.
        double unknownClick = Math.Max(0, click * nothingKept - singlePassed * channel.ReceiverEfficiency);
        // A click with something kept had several photons.
        double knownClick = click * (1 - nothingKept);
        double error = channel.MisalignmentErrorRate;
        return
        [
            .. NoEavesdropper.Honest(meanPhotonNumber, channel, 1 - Fraction),
            new ArrivalCase(PhotonNumberClass.None, false, Fraction * PoissonPulse.Probability(PhotonNumberClass.None, meanPhotonNumber), 0, error),
            new ArrivalCase(PhotonNumberClass.One, false, Fraction * singlePassed, channel.ReceiverEfficiency, error),
            new ArrivalCase(PhotonNumberClass.One, true, Fraction * singleKept, 0, error),
            new ArrivalCase(PhotonNumberClass.Several, false, Fraction * multipleUnknown, Share(unknownClick, multipleUnknown), error),
            new ArrivalCase(PhotonNumberClass.Several, true, Fraction * multipleKnown, Share(knownClick, multipleKnown), error),
        ];
    }

    private static double Share(double part, double whole) => whole > 0 ? Math.Min(1, part / whole) : 0;
}
