namespace QuantumFed.Qkd.Tests;

/// <summary>The link on which Lim et al. (2014, section IV) evaluate their bound: detectors with after-pulses. Expected counts in, rate out.</summary>
internal sealed class LimLink(double kilometres)
{
    private const double Vacuum = 2e-4, Kappa = 1e-15, CorrectnessEpsilon = 1e-15, Efficiency = 1.16;
    private const double DarkCounts = 6e-7, AfterPulses = 4e-2, Misalignment = 5e-3, ReceiverEfficiency = 0.1, DecibelsPerKilometre = 0.2;

    private readonly double _eta = ReceiverEfficiency * Math.Pow(10, -DecibelsPerKilometre * kilometres / 10);

    /// <summary>The rate per pulse for these parameters and an expected block of n_X bits; 0 where the parameters are none. epsilon_sec is kappa times the key's length.</summary>
    public double Rate(double blockSize, double keyBasis, double signalProbability, double weakProbability, double signal, double weak)
    {
        DecoyProtocol protocol;
        try
        {
            protocol = DecoyProtocol.Create(signal, weak, Vacuum, signalProbability, weakProbability, keyBasis);
        }
        catch (ArgumentOutOfRangeException)
        {
            return 0;
        }
        double pulses = blockSize / SiftedCounts.Expected(protocol, 1, Gain, ErrorGain).KeyBasis.TotalDetections;
        SiftedCounts counts = SiftedCounts.Expected(protocol, pulses, Gain, ErrorGain);
        double leaked = Efficiency * BinaryEntropy.Of(counts.KeyBasis.QuantumBitErrorRate) * blockSize;
        // Falls to the largest length that its own epsilon allows.
        double length = blockSize;
        for (int i = 0; i < 20 && length > 1; i++)
        {
            double next = FiniteKeyBound.Of(protocol, counts, leaked, new FiniteKeySecurity(Kappa * length, CorrectnessEpsilon)).SecretBits;
            if (Math.Abs(next - length) < 1e-9 * length)
                break;
            length = next;
        }
        return length > 1 ? length / pulses : 0;
    }

    /// <summary>The largest rate for a block size.</summary>
    public double BestRate(double blockSize)
    {
        double best = 0;
        foreach (double[] start in (double[][])[[0.5, 0.05, 0.5, 0.5, 0.1], [0.85, 0.38, 0.44, 0.42, 0.22], [0.93, 0.75, 0.16, 0.45, 0.18]])
            best = Math.Max(best, SimplexSearch.Maximum(x => Rate(blockSize, x[0], x[1], x[2], x[3], x[4]), start));
        return best;
    }

    private double Detected(double mean) => 1 - (1 - 2 * DarkCounts) * Math.Exp(-_eta * mean);

    private double Gain(double mean) => Detected(mean) * (1 + AfterPulses);

    private double ErrorGain(double mean) => DarkCounts + Misalignment * (1 - Math.Exp(-_eta * mean)) + AfterPulses * Detected(mean) / 2;
}
