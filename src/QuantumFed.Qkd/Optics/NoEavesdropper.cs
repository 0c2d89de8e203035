using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Nobody listens.</summary>
public sealed class NoEavesdropper : IEavesdropper
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public double Fraction => 0;

    /// <inheritdoc/>
    public PulseInFlight Intercept(PulseInFlight sent, OpticalChannel channel, RandomStream physics) => sent;

    /// <inheritdoc/>
    public IReadOnlyList<ArrivalCase> Arrivals(double meanPhotonNumber, OpticalChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return Honest(meanPhotonNumber, channel, 1);
    }

    /// <summary>What happens to the share of pulses that nobody touches.</summary>
    internal static ArrivalCase[] Honest(double mean, OpticalChannel channel, double share) =>
    [
        .. Enum.GetValues<PhotonNumberClass>().Select(photons =>
        {
            double sent = PoissonPulse.Probability(photons, mean);
            return new ArrivalCase(
                photons, false, share * sent, sent > 0 ? Math.Min(1, PoissonPulse.ClickProbability(photons, mean, channel.Transmittance) / sent) : 0,
                channel.MisalignmentErrorRate);
        }),
    ];
}
