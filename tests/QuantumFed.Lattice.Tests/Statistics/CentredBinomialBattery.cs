using System.Numerics;

namespace QuantumFed.Lattice.Tests;

/// <summary>CBD(42): the exact distribution, four moments, correlation, and the bits of coefficients against those of others.</summary>
internal static class CentredBinomialBattery
{
    private const int Eta = 42;
    private const int Tail = 20;
    private const int Bits = 7;

    // Neighbours, the kernels' lanes and registers, and the same place of the next block.
    private static readonly int[] s_lags = [1, 2, 3, 4, 5, 7, 8, 16, 32, 64, 512, 1024, 2048];

    /// <summary>P(x) of x = -42, ..., 42.</summary>
    internal static double[] Probabilities { get; } = Exact();

    internal static Battery Judge(ReadOnlySpan<int> samples)
    {
        var battery = new Battery();
        long[] counts = new long[2 * Tail + 1];
        double[] expected = new double[counts.Length];
        for (int x = -Eta; x <= Eta; x++)
            expected[Math.Clamp(x, -Tail, Tail) + Tail] += Probabilities[x + Eta];
        foreach (int x in samples)
            counts[Math.Clamp(x, -Tail, Tail) + Tail]++;
        battery.Frequencies("frequencies", counts, expected);
        battery.Sum("range", CountBeyond(samples), samples.Length, 0, 0);
        for (int power = 1; power <= 4; power++)
            Moment(battery, samples, power);
        foreach (int lag in s_lags)
            Correlation(battery, samples, lag);
        foreach (int lag in (ReadOnlySpan<int>)[1, 8])
            BitPairs(battery, samples, lag);
        return battery;
    }

    private static void Moment(Battery battery, ReadOnlySpan<int> samples, int power)
    {
        double mean = Mean(x => Math.Pow(x, power)), variance = Mean(x => Math.Pow(Math.Pow(x, power) - mean, 2)), sum = 0;
        foreach (int x in samples)
            sum += Math.Pow(x, power) - mean;
        battery.Sum($"moment {power}", sum, samples.Length, variance, Math.Pow(Eta, power) + Math.Abs(mean));
    }

    private static void Correlation(Battery battery, ReadOnlySpan<int> samples, int lag)
    {
        long pairs = 0, odd = 0;
        double products = 0;
        long[] signs = new long[9];
        foreach (int i in DisjointPairs.At(lag, samples.Length))
        {
            int x = samples[i], y = samples[i + lag];
            pairs++;
            products += x * y;
            odd += (x ^ y) & 1;
            signs[3 * (Math.Sign(x) + 1) + Math.Sign(y) + 1]++;
        }
        battery.Sum($"correlation at {lag}", products, pairs, 21 * 21, Eta * Eta);
        // The parity of the number of ones among 84 fair bits is a fair bit.
        battery.Balance($"parities at {lag}", odd, pairs);
        double zero = Probabilities[Eta], side = (1 - zero) / 2;
        double[] sign = [side, zero, side];
        battery.Frequencies($"signs at {lag}", signs, [.. sign.SelectMany(p => sign.Select(r => p * r))]);
    }

    /// <summary>Bit a of x + 42 against bit b of a later one: how often they differ.</summary>
    private static void BitPairs(Battery battery, ReadOnlySpan<int> samples, int lag)
    {
        long[] differ = new long[Bits * Bits];
        long pairs = 0;
        foreach (int i in DisjointPairs.At(lag, samples.Length))
        {
            int x = samples[i] + Eta, y = samples[i + lag] + Eta;
            pairs++;
            for (int a = 0; a < Bits; a++)
            {
                for (int b = 0; b < Bits; b++)
                    differ[a * Bits + b] += ((x >> a) ^ (y >> b)) & 1;
            }
        }
        for (int a = 0; a < Bits; a++)
        {
            for (int b = 0; b < Bits; b++)
            {
                double p = Mean(x => ((x + Eta) >> a) & 1), r = Mean(x => ((x + Eta) >> b) & 1), expected = p * (1 - r) + r * (1 - p);
                battery.Sum($"bits {a} and {b} at {lag}", differ[a * Bits + b] - pairs * expected, pairs, expected * (1 - expected), 1);
            }
        }
    }

    private static long CountBeyond(ReadOnlySpan<int> samples)
    {
        long beyond = 0;
        foreach (int x in samples)
            beyond += x is < -Eta or > Eta ? 1 : 0;
        return beyond;
    }

    private static double Mean(Func<int, double> f)
    {
        double mean = 0;
        for (int x = -Eta; x <= Eta; x++)
            mean += Probabilities[x + Eta] * f(x);
        return mean;
    }

    private static double[] Exact()
    {
        double[] probabilities = new double[2 * Eta + 1];
        BigInteger choose = 1;
        for (int ones = 0; ones < probabilities.Length; ones++)
        {
            probabilities[ones] = Math.ScaleB((double)choose, -2 * Eta);
            choose = choose * (2 * Eta - ones) / (ones + 1);
        }
        return probabilities;
    }
}
