namespace QuantumFed.Lattice.Tests;

/// <summary>Welch's t between two classes of times, as dudect computes it: over all of them, and over those below each of twenty percentiles.</summary>
/// <remarks>
/// <para>Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?" (DATE 2017). Cropping takes the upper tail away, which interrupts fill; the
/// percentiles are those of both classes together, so that they know nothing of the class.</para>
/// <para><b>False alarms.</b> A measurement's class is a fair coin thrown for it alone. If times do not depend on the class then, whatever
/// they are and however they drift, the difference of the sums is a sum of independent signs times fixed numbers, and by Hoeffding's inequality
/// P(|s| &gt;= x) &lt;= 2 exp(-x^2 / 2) for that sum divided by the root of its squares; Welch's t is s / sqrt(1 - s^2 / n) up to terms of order 1/n. At
/// |t| = 10 and n in the thousands that is 2^-71 a statistic, 2^-66 for the 21 together.</para>
/// </remarks>
internal static class WelchTest
{
    /// <summary>|t| above which times are taken to depend on the class; dudect's own limit.</summary>
    internal const double Threshold = 10;

    private const int Percentiles = 20;

    // Below so many times in a class a variance means little.
    private const int FewestTimes = 500;

    /// <summary>The t of the largest absolute value.</summary>
    internal static double LargestT(ReadOnlySpan<long> times, ReadOnlySpan<bool> isFixed)
    {
        long[] sorted = times.ToArray();
        Array.Sort(sorted);
        double largest = T(times, isFixed, long.MaxValue);
        for (int i = 1; i <= Percentiles; i++)
        {
            // 0.29, 0.5, ... 0.999: dense where the tail begins.
            double percentile = 1 - Math.Pow(0.5, i * 0.5);
            double t = T(times, isFixed, sorted[(int)(percentile * (sorted.Length - 1))]);
            if (Math.Abs(t) > Math.Abs(largest))
                largest = t;
        }
        return largest;
    }

    /// <summary>t over the times that are at most <paramref name="limit"/>; positive if fixed inputs take longer; 0 if there are too few.</summary>
    internal static double T(ReadOnlySpan<long> times, ReadOnlySpan<bool> isFixed, long limit)
    {
        // Sums are taken about one of the times: they then stay small and lose no digits.
        long origin = times[0];
        Span<double> count = stackalloc double[2], sum = stackalloc double[2], squares = stackalloc double[2];
        for (int i = 0; i < times.Length; i++)
        {
            if (times[i] > limit)
                continue;
            int c = isFixed[i] ? 1 : 0;
            double x = times[i] - origin;
            count[c]++;
            sum[c] += x;
            squares[c] += x * x;
        }
        if (count[0] < FewestTimes || count[1] < FewestTimes)
            return 0;
        double random = sum[0] / count[0], fixedMean = sum[1] / count[1];
        double variance = (squares[0] / count[0] - random * random) / (count[0] - 1) + (squares[1] / count[1] - fixedMean * fixedMean) / (count[1] - 1);
        // A clock too coarse for the code gives one value: that shows nothing.
        return variance > 0 ? (fixedMean - random) / Math.Sqrt(variance) : 0;
    }
}
