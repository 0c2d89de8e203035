using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>How many of n independent trials succeed, for n up to 10^12 and more, without making them.</summary>
internal static class BinomialSampler
{
    // Below this mean the sampler counts the successes one by one; above it, it rejects.
    private const double FewSuccesses = 10;

    /// <summary>Splits trials among intensities of these probabilities, which add up to 1.</summary>
    internal static long[] Split(long trials, ReadOnlySpan<double> probabilities, RandomStream random)
    {
        long[] counts = new long[probabilities.Length];
        double left = 1;
        for (int k = 0; k < counts.Length - 1; k++)
        {
            counts[k] = Sample(trials, left > 0 ? Math.Clamp(probabilities[k] / left, 0, 1) : 0, random);
            trials -= counts[k];
            left -= probabilities[k];
        }
        counts[^1] = trials;
        return counts;
    }

    internal static long Sample(long trials, double probability, RandomStream random)
    {
        if (trials <= 0 || probability <= 0)
            return 0;
        if (probability > 0.5)
            return trials - Sample(trials, 1 - probability, random);
        return trials * probability < FewSuccesses ? CountOneByOne(trials, probability, random) : Reject(trials, probability, random);
    }

    /// <summary>Jumps from success to success.</summary>
    private static long CountOneByOne(long trials, double probability, RandomStream random)
    {
        double scale = 1 / Math.Log(1 - probability);
        // 1 - p rounds to 1 where no success is to be expected in the trials that a long can count.
        if (!double.IsFinite(scale))
            return 0;
        long successes = 0;
        double position = 0;
        while (true)
        {
            position += Math.Floor(Math.Log(1 - random.NextDouble()) * scale) + 1;
            if (position > trials)
                return successes;
            successes++;
        }
    }

    /// <summary>Transformed rejection: algorithm BTRS of Hörmann (1993), exact but for rounding.</summary>
    private static long Reject(long trials, double probability, RandomStream random)
    {
        double n = trials, p = probability;
        double spread = Math.Sqrt(n * p * (1 - p));
        double b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5, squeeze = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * spread, odds = p / (1 - p), mode = Math.Floor((n + 1) * p);
        while (true)
        {
            double v = random.NextDouble(), u = random.NextDouble() - 0.5;
            double us = 0.5 - Math.Abs(u), k = Math.Floor((2 * a / us + b) * u + c);
            if (us >= 0.07 && v <= squeeze)
                return (long)k;
            if (k < 0 || k > n)
                continue;
            v = Math.Log(v * alpha / (a / (us * us) + b));
            double limit = (mode + 0.5) * Math.Log((mode + 1) / (odds * (n - mode + 1))) + StirlingTail(mode) + StirlingTail(n - mode)
                + (n + 1) * Math.Log((n - mode + 1) / (n - k + 1)) + (k + 0.5) * Math.Log(odds * (n - k + 1) / (k + 1)) - StirlingTail(k) - StirlingTail(n - k);
            if (v <= limit)
                return (long)k;
        }
    }

    /// <summary>What Stirling's formula leaves of ln k!, with k + 1 in its place.</summary>
    private static double StirlingTail(double k)
    {
        ReadOnlySpan<double> table =
        [
            0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
            0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
        ];
        if (k <= 9)
            return table[(int)k];
        double x = 1 / (k + 1), x2 = x * x;
        return (1.0 / 12 - (1.0 / 360 - x2 / 1260) * x2) * x;
    }
}
