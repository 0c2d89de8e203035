namespace QuantumFed.Qkd;

/// <summary>A fibre and the receiver at its end.</summary>
/// <remarks>
/// <para>Threshold detectors: they click or not, and do not count. A click that no photon caused has a random bit; a click that photons caused has the wrong
/// bit with the probability of a misalignment, which turns the pulse as a whole, not each photon (Ma et al. 2005, equations 6 to 9).</para>
/// <para>Immutable and checked.</para>
/// </remarks>
public sealed record OpticalChannel
{
    /// <summary>The longest fibre.</summary>
    public const double MostKilometres = 1000;

    private OpticalChannel() { }

    /// <summary>The fibre's length l.</summary>
    public double DistanceInKilometres { get; private init; }

    /// <summary>The fibre's loss alpha.</summary>
    public double LossInDecibelsPerKilometre { get; private init; }

    /// <summary>eta_B: the probability that a photon at the fibre's end makes a detector click, with all losses in the receiver.</summary>
    public double ReceiverEfficiency { get; private init; }

    /// <summary>Y_0: the probability that a pulse without photons makes a detector click.</summary>
    public double DarkCountProbability { get; private init; }

    /// <summary>e_d: the probability that a detected pulse gives the wrong bit although the bases agree.</summary>
    public double MisalignmentErrorRate { get; private init; }

    /// <summary>For how many pulses after a click the receiver is blind.</summary>
    public int DeadTimeInPulses { get; private init; }

    /// <summary>The probability that a photon comes through the fibre, 10^(-alpha l / 10).</summary>
    public double FibreTransmittance => Math.Pow(10, -LossInDecibelsPerKilometre * DistanceInKilometres / 10);

    /// <summary>eta: the probability that a photon comes through the fibre and is detected.</summary>
    public double Transmittance => FibreTransmittance * ReceiverEfficiency;

    /// <summary>The experiment of Gobby, Yuan and Shields (2004), as Ma et al. (2005, table I) give it, at another length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside its range.</exception>
    public static OpticalChannel Gys(double distanceInKilometres) => Create(distanceInKilometres, 0.21, 0.045, 1.7e-6, 0.033, 0);

    /// <summary>Checks a channel.</summary>
    /// <param name="distanceInKilometres">From 0 to <see cref="MostKilometres"/>.</param>
    /// <param name="lossInDecibelsPerKilometre">From 0 to 10.</param>
    /// <param name="receiverEfficiency">From 0 to 1.</param>
    /// <param name="darkCountProbability">From 0, below 1.</param>
    /// <param name="misalignmentErrorRate">From 0 to 1/2.</param>
    /// <param name="deadTimeInPulses">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static OpticalChannel Create(
        double distanceInKilometres, double lossInDecibelsPerKilometre, double receiverEfficiency, double darkCountProbability, double misalignmentErrorRate,
        int deadTimeInPulses)
    {
        Within(distanceInKilometres, MostKilometres, nameof(distanceInKilometres));
        Within(lossInDecibelsPerKilometre, 10, nameof(lossInDecibelsPerKilometre));
        Within(receiverEfficiency, 1, nameof(receiverEfficiency));
        Within(darkCountProbability, 1 - 1e-9, nameof(darkCountProbability));
        Within(misalignmentErrorRate, 0.5, nameof(misalignmentErrorRate));
        ArgumentOutOfRangeException.ThrowIfNegative(deadTimeInPulses);
        return new OpticalChannel
        {
            DistanceInKilometres = distanceInKilometres, LossInDecibelsPerKilometre = lossInDecibelsPerKilometre, ReceiverEfficiency = receiverEfficiency,
            DarkCountProbability = darkCountProbability, MisalignmentErrorRate = misalignmentErrorRate, DeadTimeInPulses = deadTimeInPulses,
        };
    }

    private static void Within(double value, double most, string name)
    {
        if (!(value >= 0 && value <= most))
            throw new ArgumentOutOfRangeException(name, value, $"Must lie between 0 and {most}.");
    }
}
