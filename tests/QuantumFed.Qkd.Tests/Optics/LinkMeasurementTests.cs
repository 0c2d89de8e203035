namespace QuantumFed.Qkd.Tests;

public sealed class LinkMeasurementTests
{
    // What is wanted of the fast simulator; it takes well under a tenth of that time where the machine has nothing else to do.
    private const double WantedMpulsePerSecond = 100;

    [Fact]
    public void A_hundred_million_pulses_a_second_are_simulated()
    {
        List<string> told = [];
        LinkTiming timing = LinkMeasurement.Run(told.Add, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(timing.ToString());
        Assert.Equal(3, told.Count);
        Assert.InRange(timing.SimulateMpulsePerSecond, WantedMpulsePerSecond, double.MaxValue);
        Assert.InRange(timing.PulseByPulseMpulsePerSecond, 0.01, timing.SimulateMpulsePerSecond);
        Assert.InRange(timing.SiftMpulsePerSecond, WantedMpulsePerSecond, double.MaxValue);
    }
}
