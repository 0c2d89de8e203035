using QuantumFed.Cli;

namespace QuantumFed.System.Tests;

public sealed class NetworkTimingTests
{
    [Theory]
    [InlineData(new double[] { 1, 3 }, 2, 2)]
    [InlineData(new double[] { 1, 3, 4 }, 3, 1.5)]
    [InlineData(new double[] { 0, 100, 101, 103 }, 103, 2)]
    public void Rounds_are_timed_from_end_to_end_and_one_slow_round_leaves_the_median(double[] ends, double seconds, double median)
    {
        var timing = new NetworkTiming(null!, NetworkTiming.Between(ends), 0, true);
        Assert.Equal(seconds, timing.Seconds);
        Assert.Equal(median, timing.MedianRoundSeconds);
    }
}
