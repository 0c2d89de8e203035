using System.Globalization;
using QuantumFed.Qkd;

namespace QuantumFed.Node;

/// <summary>The simulated fibre of a quantum link, and who holds it.</summary>
/// <param name="Kilometres">Its length.</param>
/// <param name="PulsesPerBlock">How many pulses are sent for each block of key.</param>
/// <param name="Eavesdropper">"none", "intercept-resend", "photon-number-splitting" or "beam-splitting".</param>
/// <param name="AttackedFraction">The share of pulses that is attacked, 0 to 1.</param>
/// <param name="Seed">Makes the transmission repeat; its keys are then no secret. Without it the operating system's randomness.</param>
public sealed record FibreSettings(
    double Kilometres, double PulsesPerBlock = FibreSettings.DefaultPulses, string Eavesdropper = Eavesdroppers.None, double AttackedFraction = 1, ulong? Seed = null)
{
    /// <summary>Pulses of a block unless said: enough for a few hundred thousand bits over 25 km.</summary>
    public const double DefaultPulses = 2e9;

    private const double LeastPulses = 1e6, MostPulses = 1e12;

    // A few hundred bytes for every thousand, in memory at once.
    private const double MostDetections = 1e8;

    /// <summary>The link to simulate.</summary>
    public SimulatedLink ToLink()
    {
        OpticalChannel channel = OpticalChannel.Gys(Kilometres);
        DecoyProtocol protocol = DecoyProtocol.FiniteKey;
        return new SimulatedLink(channel, protocol, Eavesdroppers.Of(Eavesdropper, AttackedFraction, channel, protocol));
    }

    private double ExpectedDetections() => PulsesPerBlock * new LinkTheory(OpticalChannel.Gys(Kilometres)).Gain(DecoyProtocol.FiniteKey);

    /// <summary>Every failure, as a plain sentence.</summary>
    public IEnumerable<string> Failures()
    {
        if (!(Kilometres >= 0 && Kilometres <= OpticalChannel.MostKilometres))
            yield return string.Create(CultureInfo.InvariantCulture, $"fibre.kilometres is {Kilometres}, not 0 to {OpticalChannel.MostKilometres}");
        else if (ExpectedDetections() > MostDetections)
            yield return string.Create(CultureInfo.InvariantCulture, $"fibre.pulsesPerBlock is {PulsesPerBlock:0e0}, which gives {ExpectedDetections():0.0e0} detections over {Kilometres} km, more than {MostDetections:0e0}");
        if (!(PulsesPerBlock >= LeastPulses && PulsesPerBlock <= MostPulses) || PulsesPerBlock != Math.Floor(PulsesPerBlock))
            yield return string.Create(CultureInfo.InvariantCulture, $"fibre.pulsesPerBlock is {PulsesPerBlock}, not a whole number from {LeastPulses} to {MostPulses}");
        if (!Eavesdroppers.Names.Contains(Eavesdropper))
            yield return $"fibre.eavesdropper is '{Eavesdropper}', not one of {string.Join(", ", Eavesdroppers.Names)}";
        if (!(AttackedFraction >= 0 && AttackedFraction <= 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"fibre.attackedFraction is {AttackedFraction}, not 0 to 1");
    }
}
