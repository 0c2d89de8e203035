using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>The thresholds themselves: at a false-alarm rate that can be observed they are kept, and they are the published formulas.</summary>
public sealed class BatteryTests
{
    private const int Runs = 4000;
    private const double Log2Rate = -5;

    [Fact]
    public void Right_samplers_are_rejected_no_more_often_than_claimed()
    {
        using RandomStream random = RandomStream.FromSeed([70], "test");
        int[] rejected = new int[4];
        for (int run = 0; run < Runs; run++)
        {
            var battery = new Battery(Log2Rate);
            Judge(battery, random, 500);
            for (int i = 0; i < rejected.Length; i++)
                rejected[i] += battery.Verdicts[i].IsRejected ? 1 : 0;
        }
        // 125 are allowed on average, five deviations more by chance.
        Assert.All(rejected, count => Assert.InRange(count, 0, Runs / 32 + 5 * 11));
        // Hoeffding and Massart are nearly sharp: a threshold ten times too high would show here.
        Assert.True(rejected[2] > Runs / 320 && rejected[3] > Runs / 320, string.Join(", ", rejected));
    }

    [Fact]
    public void Thresholds_are_those_of_the_inequalities()
    {
        var battery = new Battery();
        battery.Frequencies("coin", [500, 500], [0.5, 0.5]);
        battery.Sum("sum", 0, 1000, 2, 3);
        battery.Balance("bits", 500, 1000);
        double x = battery.Verdicts[0].Threshold, t = battery.Verdicts[1].Threshold, h = battery.Verdicts[2].Threshold;
        Assert.Equal(-40, (1 + Math.Log(x) - x) / Math.Log(2), 1e-9);
        Assert.Equal(-40, 1 - t * t / (2 * (1000 * 2 + 3 * t / 3)) / Math.Log(2), 1e-9);
        Assert.Equal(-40, 1 - 2 * h * h / 1000 / Math.Log(2), 1e-9);
    }

    [Fact]
    public void A_value_that_cannot_occur_is_rejected_whatever_the_rest()
    {
        var battery = new Battery();
        battery.Frequencies("impossible", [1_000_000, 1], [1, 0]);
        battery.RequireRejected("impossible");
    }

    private static void Judge(Battery battery, RandomStream random, int count)
    {
        long[] counts = new long[8];
        double[] uniform = new double[count];
        double sum = 0;
        long ones = 0;
        for (int i = 0; i < count; i++)
        {
            uniform[i] = random.NextDouble();
            counts[random.NextInt32(8)]++;
            sum += random.NextDouble() - 0.5;
            ones += random.NextInt32(2);
        }
        battery.Frequencies("frequencies", counts, [.. Enumerable.Repeat(0.125, 8)]);
        battery.Sum("sum", sum, count, 1.0 / 12, 0.5);
        battery.Balance("balance", ones, count);
        battery.Uniformity("uniformity", uniform);
    }
}
