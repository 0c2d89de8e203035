using System.Text.Json;

namespace QuantumFed.System.Tests;

public sealed class LedgerBenchTests
{
    [Fact]
    public async Task The_benchmark_prints_its_figures_as_JSON_and_progress_elsewhere()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["bench", "ledger", "--json"])).Ended(0);
        using JsonDocument figures = JsonDocument.Parse(run.Output);
        Assert.InRange(figures.RootElement.GetProperty("commitsPerSecond").GetDouble(), double.Epsilon, 1e6);
        Assert.Contains("qf: measuring commitments", run.Error, StringComparison.Ordinal);
    }
}
