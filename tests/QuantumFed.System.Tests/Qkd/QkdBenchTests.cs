using System.Text.Json;

namespace QuantumFed.System.Tests;

public sealed class QkdBenchTests
{
    [Fact]
    public async Task The_benchmark_prints_its_figures_as_JSON_and_progress_elsewhere()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["bench", "qkd", "--json"])).Ended(0);
        using JsonDocument timing = JsonDocument.Parse(run.Output);
        foreach (string figure in (string[])["simulateMpulsePerSecond", "pulseByPulseMpulsePerSecond", "cascadeMbitPerSecond", "amplifyMbitPerSecond"])
            Assert.InRange(timing.RootElement.GetProperty(figure).GetDouble(), double.Epsilon, 1e9);
        Assert.Equal(
            2 * timing.RootElement.GetProperty("amplifyMbitPerSecond").GetDouble(), timing.RootElement.GetProperty("amplifyOneEndMbitPerSecond").GetDouble(), 1e-6);
        Assert.Contains("qf: measuring", run.Error, StringComparison.Ordinal);
    }
}
