namespace QuantumFed.Qkd;

/// <summary>A simulated transmission.</summary>
public sealed class LinkRun : IDisposable
{
    private readonly long[] _sent;

    internal LinkRun(SimulatedLink link, long[] sent, long livePulses, DetectionRecord detections, GroundTruth truth, bool choicesAreSecret)
    {
        Link = link;
        _sent = sent;
        LivePulses = livePulses;
        Detections = detections;
        Truth = truth;
        ChoicesAreSecret = choicesAreSecret;
    }

    /// <summary>What was simulated.</summary>
    public SimulatedLink Link { get; }

    /// <summary>All pulses that were sent.</summary>
    public long Pulses => _sent.Sum();

    /// <summary>The pulses that were sent with this intensity.</summary>
    public long Sent(Intensity intensity) => _sent[(int)intensity];

    /// <summary>The pulses that came while the receiver was not blind.</summary>
    public long LivePulses { get; }

    /// <summary>Both parties' notes.</summary>
    public DetectionRecord Detections { get; }

    /// <summary>What neither of them can know.</summary>
    public GroundTruth Truth { get; }

    /// <summary>Whether the choices came from the operating system's generator, and not from a seed.</summary>
    public bool ChoicesAreSecret { get; }

    /// <summary>Erases the notes.</summary>
    public void Dispose() => Detections.Dispose();
}
