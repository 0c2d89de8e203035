using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary>What <c>qf qkd simulate</c> prints.</summary>
/// <param name="Simulated">Always true: no photon was sent.</param>
/// <param name="DistanceInKilometres">The fibre's length.</param>
/// <param name="Pulses">How many were sent.</param>
/// <param name="Seed">What the run repeats, or nothing.</param>
/// <param name="ChoicesAreSecret">Whether the key's bits came from the operating system's generator.</param>
/// <param name="Eavesdropper">The attack's name.</param>
/// <param name="AttackedFraction">The share of pulses attacked.</param>
/// <param name="Intensities">What was measured of each, and what theory expects where nobody listens.</param>
/// <param name="SinglePhotonYield">Y_1's lower bound, as if counted numbers were exact.</param>
/// <param name="ExpectedSinglePhotonYield">Y_1 itself, in theory.</param>
/// <param name="SinglePhotonErrorRate">e_1's upper bound, likewise.</param>
/// <param name="ExpectedSinglePhotonErrorRate">e_1 itself, in theory.</param>
/// <param name="FiniteSinglePhotonYield">Y_1's lower bound with fluctuations.</param>
/// <param name="PhaseErrorRate">The upper bound on the key basis's phase errors, with fluctuations.</param>
/// <param name="SiftedBits">Bits of the key basis, which become the key.</param>
/// <param name="TestBits">Bits of the test basis, which are announced.</param>
/// <param name="KeyBasisErrorRate">The share of the sifted bits that is wrong.</param>
/// <param name="LeakedBits">What reconciliation is expected to announce.</param>
/// <param name="KeyLengthInBits">How long a key may be taken.</param>
/// <param name="ExpectedKeyLengthInBits">The same, in theory, where nobody listens.</param>
/// <param name="KeyRate">Key bits for each pulse sent.</param>
/// <param name="AsymptoticKeyRate">Key bits for each signal pulse as if counted numbers were exact, with half of the detections sifted out; 0 where there are none.</param>
/// <param name="ExpectedAsymptoticKeyRate">The same, in theory.</param>
/// <param name="Abort">Why there is no key, or nothing.</param>
internal sealed record QkdFigures(
    bool Simulated, double DistanceInKilometres, long Pulses, ulong? Seed, bool ChoicesAreSecret, string Eavesdropper, double AttackedFraction,
    IReadOnlyList<QkdFigures.OfIntensity> Intensities, double SinglePhotonYield, double ExpectedSinglePhotonYield, double SinglePhotonErrorRate,
    double ExpectedSinglePhotonErrorRate, double FiniteSinglePhotonYield, double PhaseErrorRate, long SiftedBits, long TestBits, double KeyBasisErrorRate,
    double LeakedBits, long KeyLengthInBits, long ExpectedKeyLengthInBits, double KeyRate, double AsymptoticKeyRate, double ExpectedAsymptoticKeyRate, AbortReason? Abort)
{
    /// <summary>f: what the reconciliation of the papers announces, in units of Shannon's limit.</summary>
    public const double ReconciliationEfficiency = 1.22;

    /// <summary>q, where neither basis is preferred.</summary>
    public const double SiftedShare = 0.5;

    public static QkdFigures Of(LinkRun run, ulong? seed)
    {
        (OpticalChannel channel, DecoyProtocol protocol, IEavesdropper eavesdropper) = run.Link;
        LinkEstimate estimate = LinkEstimate.Of(run, ReconciliationEfficiency, FiniteKeySecurity.Default);
        var theory = new LinkTheory(channel);
        double mu = protocol.MeanPhotonNumber(Intensity.Signal), nu = protocol.MeanPhotonNumber(Intensity.Weak);
        double asymptotic = Qkd.AsymptoticKeyRate.Of(
            mu, estimate.Gain(Intensity.Signal), estimate.QuantumBitErrorRate(Intensity.Signal), estimate.Asymptotic, ReconciliationEfficiency, SiftedShare);
        return new QkdFigures(
            true, channel.DistanceInKilometres, run.Pulses, seed, run.ChoicesAreSecret, eavesdropper.Name, eavesdropper.Fraction,
            [
                .. Enum.GetValues<Intensity>().Select(k => new OfIntensity(
                    k, protocol.MeanPhotonNumber(k), run.Sent(k), estimate.Gain(k), theory.Gain(protocol.MeanPhotonNumber(k)), estimate.QuantumBitErrorRate(k),
                    theory.QuantumBitErrorRate(protocol.MeanPhotonNumber(k)))),
            ],
            estimate.Asymptotic.SinglePhotonYield, theory.SinglePhotonYield, estimate.Asymptotic.SinglePhotonErrorRate, theory.SinglePhotonErrorRate,
            estimate.SinglePhotonYield, estimate.Bound.PhaseErrorRate, (long)estimate.Counts.KeyBasis.TotalDetections, (long)estimate.Counts.TestBasis.TotalDetections,
            estimate.Counts.KeyBasis.QuantumBitErrorRate, estimate.Bound.LeakedBits, estimate.KeyLengthInBits,
            FiniteKeyBound.Expected(channel, protocol, run.Pulses, ReconciliationEfficiency, FiniteKeySecurity.Default).KeyLengthInBits,
            (double)estimate.KeyLengthInBits / run.Pulses, Math.Max(0, asymptotic),
            Math.Max(0, Qkd.AsymptoticKeyRate.VacuumAndWeak(theory, mu, nu, ReconciliationEfficiency, SiftedShare)), estimate.Abort);
    }

    /// <summary>What was measured of one intensity.</summary>
    /// <param name="Intensity">Which.</param>
    /// <param name="MeanPhotonNumber">How bright.</param>
    /// <param name="Sent">How many pulses.</param>
    /// <param name="Gain">The share that was detected.</param>
    /// <param name="ExpectedGain">The same, in theory, where nobody listens.</param>
    /// <param name="QuantumBitErrorRate">The share of the sifted ones that is wrong.</param>
    /// <param name="ExpectedQuantumBitErrorRate">The same, in theory.</param>
    internal sealed record OfIntensity(
        Intensity Intensity, double MeanPhotonNumber, long Sent, double Gain, double ExpectedGain, double QuantumBitErrorRate, double ExpectedQuantumBitErrorRate);
}
