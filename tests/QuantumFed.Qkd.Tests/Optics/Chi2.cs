namespace QuantumFed.Qkd.Tests;

/// <summary>Pearson's chi-square statistics, against the quantile that a true law exceeds once in 10^6 tests.</summary>
internal static class Chi2
{
    /// <summary>The false-alarm rate of every test of this class; seeds are fixed, so that a test that passes goes on passing.</summary>
    public const double FalseAlarmRate = 1e-6;

    private const double NormalQuantile = 4.753424;
    private const double FewestExpected = 10;

    /// <summary>Two samples come from one distribution over the same cells.</summary>
    public static void SameDistribution(string what, IReadOnlyList<long> first, IReadOnlyList<long> second)
    {
        double sumFirst = first.Sum(), sumSecond = second.Sum();
        double statistic = 0, restFirst = 0, restSecond = 0;
        int cells = 0;
        for (int i = 0; i < first.Count; i++)
        {
            // Thin cells go together.
            restFirst += first[i];
            restSecond += second[i];
            if (restFirst + restSecond < FewestExpected && i < first.Count - 1)
                continue;
            if (restFirst + restSecond > 0)
            {
                double a = Math.Sqrt(sumSecond / sumFirst), d = a * restFirst - restSecond / a;
                statistic += d * d / (restFirst + restSecond);
                cells++;
            }
            restFirst = restSecond = 0;
        }
        Check(what, statistic, cells - 1);
    }

    /// <summary>A sample comes from the distribution with these probabilities.</summary>
    public static void Distribution(string what, IReadOnlyList<long> counts, IReadOnlyList<double> probabilities)
    {
        double sum = counts.Sum(), statistic = 0, expected = 0, observed = 0;
        int cells = 0;
        for (int i = 0; i < counts.Count; i++)
        {
            expected += probabilities[i] * sum;
            observed += counts[i];
            if (expected < FewestExpected && i < counts.Count - 1)
                continue;
            statistic += expected > 0 ? (observed - expected) * (observed - expected) / expected : 0;
            cells++;
            expected = observed = 0;
        }
        Check(what, statistic, cells - 1);
    }

    /// <summary>Counts of two samples of equally many trials differ by no more than chance lets them.</summary>
    public static void SameRate(string what, double first, double firstTrials, double second, double secondTrials)
    {
        double rate = (first + second) / (firstTrials + secondTrials);
        double spread = Math.Sqrt(rate * (1 - rate) * (1 / firstTrials + 1 / secondTrials));
        double difference = Math.Abs(first / firstTrials - second / secondTrials);
        Assert.True(difference <= 4.891638 * spread, $"{what}: {first}/{firstTrials} and {second}/{secondTrials} are {difference / spread:F1} deviations apart");
    }

    // Wilson and Hilferty (1931).
    private static void Check(string what, double statistic, int degrees)
    {
        double t = 2.0 / (9 * degrees), limit = degrees * Math.Pow(1 - t + NormalQuantile * Math.Sqrt(t), 3);
        Assert.True(statistic <= limit, $"{what}: chi-square is {statistic:F1} with {degrees} degrees of freedom, at most {limit:F1} is likely");
    }
}
