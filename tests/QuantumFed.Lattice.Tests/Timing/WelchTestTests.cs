using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>The statistic of the timing tests, on made-up times: these need no clock and run always.</summary>
public sealed class WelchTestTests
{
    private const int Count = 40_000;

    [Fact]
    public void T_is_the_difference_of_means_over_its_standard_error()
    {
        // 1000 times of 10 and 12, and of 11 and 15: means 11 and 13, variances 1 and 4 (times 1000/999).
        long[] times = [.. Enumerable.Range(0, 2000).Select(i => (i % 4) switch { 0 => 10L, 1 => 11, 2 => 12, _ => 15 })];
        bool[] isFixed = [.. Enumerable.Range(0, 2000).Select(i => i % 2 != 0)];
        Assert.Equal(2 / Math.Sqrt((1.0 + 4.0) / 999), WelchTest.T(times, isFixed, long.MaxValue), 1e-9);
    }

    [Fact]
    public void Times_of_one_distribution_stay_below_the_threshold_and_shifted_ones_do_not()
    {
        Assert.InRange(Math.Abs(Largest(shift: 0, outliers: 0)), 0, 5);
        Assert.True(Largest(shift: 20, outliers: 0) > WelchTest.Threshold);
        Assert.True(Largest(shift: -20, outliers: 0) < -WelchTest.Threshold);
    }

    [Fact]
    public void Cropping_finds_what_interrupts_hide()
    {
        (long[] times, bool[] isFixed) = Times(shift: 20, outliers: 50);
        Assert.InRange(Math.Abs(WelchTest.T(times, isFixed, long.MaxValue)), 0, WelchTest.Threshold);
        Assert.True(WelchTest.LargestT(times, isFixed) > WelchTest.Threshold);
    }

    [Fact]
    public void A_clock_that_stands_still_shows_nothing() => Assert.Equal(0, WelchTest.LargestT(new long[Count], new bool[Count]));

    private static double Largest(int shift, int outliers)
    {
        (long[] times, bool[] isFixed) = Times(shift, outliers);
        return WelchTest.LargestT(times, isFixed);
    }

    /// <summary>Times of mean 1000 and deviation 100, with outliers of a million in each class, half of them at most.</summary>
    private static (long[] Times, bool[] IsFixed) Times(int shift, int outliers)
    {
        using RandomStream random = RandomStream.FromSeed([60], "test");
        long[] times = new long[Count];
        bool[] isFixed = new bool[Count];
        for (int i = 0; i < Count; i++)
        {
            isFixed[i] = random.NextInt32(2) != 0;
            times[i] = 1000 + (long)(100 * random.NextGaussian()) + (isFixed[i] ? shift : 0);
        }
        for (int i = 0; i < outliers; i++)
            times[random.NextInt32(Count)] = 1_000_000;
        return (times, isFixed);
    }
}
