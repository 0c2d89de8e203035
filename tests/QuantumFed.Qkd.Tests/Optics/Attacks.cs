namespace QuantumFed.Qkd.Tests;

/// <summary>Eavesdroppers by name, as theories' inline data can say them.</summary>
internal static class Attacks
{
    public static IEavesdropper Of(string name, double fraction, OpticalChannel channel, DecoyProtocol protocol) => name switch
    {
        "none" => new NoEavesdropper(),
        "intercept-resend" => new InterceptResend(fraction),
        "photon-number-splitting" => PhotonNumberSplitting.Against(channel, protocol.MeanPhotonNumber(Intensity.Signal), fraction),
        "beam-splitting" => new BeamSplitting(fraction),
        _ => throw new ArgumentException(name, nameof(name)),
    };
}
