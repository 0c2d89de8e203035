namespace QuantumFed.Qkd;

/// <summary>What is left of a transmission once bases and intensities are announced.</summary>
/// <param name="KeyBasis">Both chose X: these bits become the key.</param>
/// <param name="TestBasis">Both chose Z: these bits are announced.</param>
public sealed record SiftedCounts(BasisCounts KeyBasis, BasisCounts TestBasis)
{
    /// <summary>What a link gives on average.</summary>
    /// <param name="protocol">What the parties agreed on.</param>
    /// <param name="pulses">How many are sent.</param>
    /// <param name="gain">The probability of a detection, by mean photon number.</param>
    /// <param name="errorGain">The probability of a wrong one.</param>
    public static SiftedCounts Expected(DecoyProtocol protocol, double pulses, Func<double, double> gain, Func<double, double> errorGain)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(gain);
        ArgumentNullException.ThrowIfNull(errorGain);
        return new SiftedCounts(In(protocol.KeyBasisProbability), In(1 - protocol.KeyBasisProbability));

        BasisCounts In(double basisProbability)
        {
            double both = pulses * basisProbability * basisProbability;
            double[] sent = [.. Enum.GetValues<Intensity>().Select(k => both * protocol.Probability(k))];
            return new BasisCounts(
                [.. Enum.GetValues<Intensity>().Select(k => sent[(int)k] * gain(protocol.MeanPhotonNumber(k)))],
                [.. Enum.GetValues<Intensity>().Select(k => sent[(int)k] * errorGain(protocol.MeanPhotonNumber(k)))]);
        }
    }
}
