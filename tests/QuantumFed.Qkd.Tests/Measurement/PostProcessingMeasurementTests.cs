namespace QuantumFed.Qkd.Tests;

public sealed class PostProcessingMeasurementTests
{
    // Speed itself depends on what else the machine does: no figure is required.
    [Fact]
    public void Measurement_gives_rates_and_the_efficiency_of_whole_runs()
    {
        PostProcessingTiming timing = PostProcessingMeasurement.Run(TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(timing.ToString());
        Assert.True(timing.CascadeMbitPerSecond > 0 && timing.CascadeSharedPlanMbitPerSecond > 0 && timing.AmplifyMbitPerSecond > 0);
        Assert.InRange(timing.CascadeEfficiency, 1.05, 1.16);
        Assert.InRange(timing.CascadeMessages, 16, 1000);
    }

    [Fact]
    public void Measurement_stops_when_the_caller_gives_up() =>
        Assert.Throws<OperationCanceledException>(() => PostProcessingMeasurement.Run(new CancellationToken(true)));
}
