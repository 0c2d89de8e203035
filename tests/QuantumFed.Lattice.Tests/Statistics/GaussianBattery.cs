namespace QuantumFed.Lattice.Tests;

/// <summary>The normal distribution: 64 equally likely parts, the tails beyond them, the distribution function, and neighbours, since the polar
/// method makes two of a kind at a time.</summary>
internal static class GaussianBattery
{
    private const int Parts = 64;
    private const int Squares = 8;

    private static readonly double[] s_tails = [2.5, 3, 3.5, 4, 4.5, 5];

    internal static Battery Judge(ReadOnlySpan<double> samples)
    {
        var battery = new Battery();
        double[] uniform = new double[samples.Length];
        long[] counts = new long[Parts];
        long[] tails = new long[2 * (s_tails.Length + 1)];
        for (int i = 0; i < uniform.Length; i++)
        {
            uniform[i] = Distribution(samples[i]);
            counts[Math.Min((int)(uniform[i] * Parts), Parts - 1)]++;
            tails[2 * Ring(Math.Abs(samples[i])) + (samples[i] < 0 ? 1 : 0)]++;
        }
        battery.Frequencies("64 equal parts", counts, [.. Enumerable.Repeat(1.0 / Parts, Parts)]);
        battery.Frequencies("tails", tails, TailProbabilities());
        battery.Uniformity("distribution function", uniform);
        foreach (int lag in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
            Neighbours(battery, uniform, lag);
        return battery;
    }

    /// <summary>Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...): exact to some 10^-16, absolutely, for |x| below 7.</summary>
    internal static double Distribution(double x)
    {
        double term = x, sum = x;
        for (int k = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); k += 2)
        {
            term *= x * x / k;
            sum += term;
        }
        return Math.Clamp(0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), 0, 1);
    }

    private static int Ring(double size)
    {
        int ring = 0;
        while (ring < s_tails.Length && size >= s_tails[ring])
            ring++;
        return ring;
    }

    // Of each ring between two tails, the positive and the negative half.
    private static double[] TailProbabilities()
    {
        double[] beyond = [1, .. s_tails.Select(tail => 2 * Distribution(-tail)), 0];
        return [.. Enumerable.Range(0, 2 * (s_tails.Length + 1)).Select(i => (beyond[i / 2] - beyond[i / 2 + 1]) / 2)];
    }

    private static void Neighbours(Battery battery, double[] uniform, int lag)
    {
        long[] counts = new long[Squares * Squares], sizes = new long[Squares * Squares];
        foreach (int i in DisjointPairs.At(lag, uniform.Length))
        {
            counts[Squares * Part(uniform[i]) + Part(uniform[i + lag])]++;
            sizes[Squares * Part(Size(uniform[i])) + Part(Size(uniform[i + lag]))]++;
        }
        double[] equal = [.. Enumerable.Repeat(1.0 / (Squares * Squares), Squares * Squares)];
        battery.Frequencies($"pairs at {lag}", counts, equal);
        battery.Frequencies($"sizes of pairs at {lag}", sizes, equal);
    }

    // |x|, as a fraction again uniform.
    private static double Size(double uniform) => Math.Abs(2 * uniform - 1);

    private static int Part(double uniform) => Math.Min((int)(uniform * Squares), Squares - 1);
}
