namespace QuantumFed.Qkd;

/// <summary>The eavesdroppers by the names that commands and settings give them.</summary>
public static class Eavesdroppers
{
    /// <summary>The name of having none.</summary>
    public const string None = "none";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [None, "intercept-resend", "photon-number-splitting", "beam-splitting"];

    /// <summary>Makes an eavesdropper for a link.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="fraction">The share of pulses that it attacks, 0 to 1.</param>
    /// <param name="channel">The fibre that it holds.</param>
    /// <param name="protocol">What the two parties agreed on.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IEavesdropper Of(string name, double fraction, OpticalChannel channel, DecoyProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return name switch
        {
            None => new NoEavesdropper(),
            "intercept-resend" => new InterceptResend(fraction),
            "photon-number-splitting" => PhotonNumberSplitting.Against(channel, protocol.MeanPhotonNumber(Intensity.Signal), fraction),
            "beam-splitting" => new BeamSplitting(fraction),
            _ => throw new ArgumentException($"There is no eavesdropper '{name}'.", nameof(name)),
        };
    }
}
