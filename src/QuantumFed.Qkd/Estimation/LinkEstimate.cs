namespace QuantumFed.Qkd;

/// <summary>What the parties conclude from a transmission: the figures, and how long a key they may take from it, if any.</summary>
public sealed record LinkEstimate
{
    /// <summary>Above this error rate no key can be had from BB84 by one-way reconciliation (Shor and Preskill 2000).</summary>
    public const double MostQuantumBitErrorRate = 0.11;

    private readonly double[] _gains = new double[DecoyProtocol.IntensityCount];
    private readonly double[] _errorRates = new double[DecoyProtocol.IntensityCount];

    private LinkEstimate(SiftedCounts counts, FiniteKeyBound bound)
    {
        Counts = counts;
        Bound = bound;
    }

    /// <summary>What was left after sifting.</summary>
    public SiftedCounts Counts { get; }

    /// <summary>The key's length with its ingredients, for counted numbers.</summary>
    public FiniteKeyBound Bound { get; }

    /// <summary>The bounds on single photons as if the counted numbers were exact; what the theory of infinitely long keys compares with.</summary>
    public DecoyBounds Asymptotic { get; private init; }

    /// <summary>The share of an intensity's pulses that was detected, of those that met a receiver that was not blind.</summary>
    public double Gain(Intensity intensity) => _gains[(int)intensity];

    /// <summary>The share of an intensity's sifted bits that is wrong, over both bases; 0 where there are none.</summary>
    public double QuantumBitErrorRate(Intensity intensity) => _errorRates[(int)intensity];

    /// <summary>Y_1's lower bound from the counted numbers of the key basis; 0 or less where nothing can be said.</summary>
    public double SinglePhotonYield { get; private init; }

    /// <summary>Why there is no key, or nothing.</summary>
    public AbortReason? Abort { get; private init; }

    /// <summary>How many bits of key may be taken: the bound, or 0.</summary>
    public long KeyLengthInBits => Abort is null ? Bound.KeyLengthInBits : 0;

    /// <summary>Estimates from a transmission before its key is reconciled, with what reconciliation is expected to announce.</summary>
    /// <param name="run">The transmission.</param>
    /// <param name="reconciliationEfficiency">f, at least 1.</param>
    /// <param name="security">How sure the parties want to be.</param>
    public static LinkEstimate Of(LinkRun run, double reconciliationEfficiency, FiniteKeySecurity security)
    {
        ArgumentNullException.ThrowIfNull(run);
        SiftedCounts counts = Sifting.Count(run);
        return Of(run, counts, counts.KeyBasis.ReconciliationBits(reconciliationEfficiency), security);
    }

    /// <summary>Estimates from a transmission whose reconciliation announced so many bits.</summary>
    public static LinkEstimate Of(LinkRun run, SiftedCounts counts, double leakedBits, FiniteKeySecurity security)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(counts);
        Intensity[] intensities = Enum.GetValues<Intensity>();
        return Of(
            new LinkObservation(
                run.Link.Protocol, [.. intensities.Select(run.Sent)], run.LivePulses, [.. intensities.Select(k => Sifting.Detections(run, k))]),
            counts, leakedBits, security);
    }

    internal static LinkEstimate Of(LinkObservation seen, SiftedCounts counts, double leakedBits, FiniteKeySecurity security)
    {
        DecoyProtocol protocol = seen.Protocol;
        FiniteKeyBound bound = FiniteKeyBound.Of(protocol, counts, leakedBits, security);
        double live = seen.Pulses > 0 ? (double)seen.LivePulses / seen.Pulses : 0;
        double[] gains = new double[DecoyProtocol.IntensityCount], errorRates = new double[DecoyProtocol.IntensityCount];
        foreach (Intensity intensity in Enum.GetValues<Intensity>())
        {
            double sent = seen.Sent[(int)intensity] * live, sifted = counts.KeyBasis.Detections(intensity) + counts.TestBasis.Detections(intensity);
            gains[(int)intensity] = sent > 0 ? seen.Detections[(int)intensity] / sent : 0;
            errorRates[(int)intensity] = sifted > 0 ? (counts.KeyBasis.Errors(intensity) + counts.TestBasis.Errors(intensity)) / sifted : 0;
        }
        double weak = gains[(int)Intensity.Weak];
        DecoyBounds asymptotic = DecoyBounds.VacuumAndWeak(
            protocol.MeanPhotonNumber(Intensity.Signal), protocol.MeanPhotonNumber(Intensity.Weak), gains[(int)Intensity.Signal], weak,
            weak * errorRates[(int)Intensity.Weak], gains[(int)Intensity.Vacuum]);
        // Of all single photons that were sent and measured in the key basis.
        double sentSingles = seen.LivePulses * protocol.KeyBasisProbability * protocol.KeyBasisProbability * protocol.PhotonNumberProbability(1);
        var estimate = new LinkEstimate(counts, bound)
        {
            Asymptotic = asymptotic,
            SinglePhotonYield = sentSingles > 0 ? bound.SinglePhotonEvents / sentSingles : 0,
            Abort = ReasonToAbort(counts, bound, asymptotic),
        };
        gains.CopyTo(estimate._gains, 0);
        errorRates.CopyTo(estimate._errorRates, 0);
        return estimate;
    }

    // The first that holds. The asymptotic bound is the sharper one where few pulses were sent, and may not contradict the key either.
    private static AbortReason? ReasonToAbort(SiftedCounts counts, FiniteKeyBound bound, DecoyBounds asymptotic) =>
        counts.KeyBasis.QuantumBitErrorRate > MostQuantumBitErrorRate ? AbortReason.TooManyErrors
        : bound.SinglePhotonEvents <= 0 || asymptotic.SinglePhotonYield <= 0 ? AbortReason.NoSinglePhotons
        : bound.KeyLengthInBits <= 0 ? AbortReason.NoKeyLeft
        : null;
}
