using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Counts the photons of a pulse without disturbing them, stops single ones, and keeps one of several until the bases are announced.</summary>
/// <remarks>
/// <para>As the security proofs do, it grants the eavesdropper everything between the sender's door and the receiver's bit: one photon of a pulse that is let
/// through always clicks, without loss in the fibre or the receiver. So that the signal's gain stays what an honest fibre would give,
/// only a share of the pulses with several photons is let through; where these do not suffice, a share of the single ones is, too.</para>
/// <para>The share is tuned to the signal, and cannot be tuned to the weak decoy at once: two photons look the same from either. That is
/// what decoys are for (Hwang 2003; Lo, Ma, Chen 2005).</para>
/// </remarks>
public sealed class PhotonNumberSplitting : IEavesdropper
{
    private readonly double _passedSingles, _passedMultiples;

    private PhotonNumberSplitting(double fraction, double passedSingles, double passedMultiples)
    {
        Fraction = fraction;
        _passedSingles = passedSingles;
        _passedMultiples = passedMultiples;
    }

    /// <inheritdoc/>
    public string Name => "photon-number-splitting";

    /// <inheritdoc/>
    public double Fraction { get; }

    /// <summary>Tunes the attack to a link, so that the signal's gain does not show it.</summary>
    /// <param name="channel">The fibre that is replaced.</param>
    /// <param name="signalMeanPhotonNumber">mu, which everybody knows.</param>
    /// <param name="fraction">The share of pulses that is attacked.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static PhotonNumberSplitting Against(OpticalChannel channel, double signalMeanPhotonNumber, double fraction)
    {
        ArgumentNullException.ThrowIfNull(channel);
        double wanted = 1 - Math.Exp(-signalMeanPhotonNumber * channel.Transmittance);
        double singles = PoissonPulse.Probability(PhotonNumberClass.One, signalMeanPhotonNumber);
        double multiples = PoissonPulse.Probability(PhotonNumberClass.Several, signalMeanPhotonNumber);
        double passedMultiples = Math.Min(1, wanted / multiples);
        double passedSingles = Math.Clamp((wanted - multiples) / singles, 0, 1);
        return new PhotonNumberSplitting(AttackedFraction.Checked(fraction), passedSingles, passedMultiples);
    }

    /// <inheritdoc/>
    public PulseInFlight Intercept(PulseInFlight sent, OpticalChannel channel, RandomStream physics)
    {
        ArgumentNullException.ThrowIfNull(physics);
        if (sent.Photons == 0 || physics.NextDouble() >= Fraction)
            return sent;
        bool several = sent.Photons > 1;
        bool passed = physics.NextDouble() < (several ? _passedMultiples : _passedSingles);
        return sent with { Photons = passed ? 1 : 0, DetectionProbability = 1, IsKnownToEavesdropper = several };
    }

    /// <inheritdoc/>
    public IReadOnlyList<ArrivalCase> Arrivals(double meanPhotonNumber, OpticalChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        double single = PoissonPulse.Probability(PhotonNumberClass.One, meanPhotonNumber);
        double multiple = PoissonPulse.Probability(PhotonNumberClass.Several, meanPhotonNumber);
        double error = channel.MisalignmentErrorRate;
        return
        [
            .. NoEavesdropper.Honest(meanPhotonNumber, channel, 1 - Fraction),
            new ArrivalCase(PhotonNumberClass.None, false, Fraction * PoissonPulse.Probability(PhotonNumberClass.None, meanPhotonNumber), 0, error),
            new ArrivalCase(PhotonNumberClass.One, false, Fraction * single, _passedSingles, error),
            new ArrivalCase(PhotonNumberClass.Several, true, Fraction * multiple, _passedMultiples, error),
        ];
    }
}
