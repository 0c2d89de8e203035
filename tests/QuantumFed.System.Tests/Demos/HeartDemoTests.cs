using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>The four real hospitals. What they reach is NVFlare's published centralised result, to the digit.</summary>
public sealed class HeartDemoTests
{
    private static readonly (string Name, int TrainRows, int TestRows, double Accuracy)[] Published =
        [("cleveland", 199, 104, 0.7500), ("hungarian", 172, 89, 0.7528), ("switzerland", 30, 16, 0.7500), ("va", 85, 45, 0.6000)];

    [Fact]
    public async Task Training_under_encryption_costs_nothing()
    {
        using TemporaryFolder folder = new();
        (QfResult run, JsonElement report) = await RunAsync(folder, "centre", "6");
        JsonElement[] members = [.. report.GetProperty("members").EnumerateArray()];
        Assert.Equal(
            Published,
            members.Select(member => (
                member.GetProperty("name").GetString()!, member.GetProperty("trainRows").GetInt32(), member.GetProperty("testRows").GetInt32(),
                Math.Round(member.GetProperty("federatedAccuracy").GetDouble(), 4))));
        Assert.Equal(6, report.GetProperty("rounds").GetArrayLength());
        Assert.Equal(740, members.Sum(member => member.GetProperty("trainRows").GetInt32() + member.GetProperty("testRows").GetInt32()));
        Assert.Equal(
            report.GetProperty("pooled").GetProperty("accuracy").GetDouble(), report.GetProperty("federated").GetProperty("accuracy").GetDouble());
        Assert.Contains("UCI heart disease, four real hospitals", run.Output, StringComparison.Ordinal);
        Assert.False(report.GetProperty("synthetic").GetBoolean());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("bestAuc").ValueKind);
    }

    [Fact]
    public async Task Joint_standardisation_adds_a_round_and_one_class_at_one_site_is_a_warning()
    {
        using TemporaryFolder folder = new();
        (QfResult run, JsonElement report) = await RunAsync(folder, "federated", "3");
        Assert.Equal(4, report.GetProperty("rounds").GetArrayLength());
        Assert.Contains("joint standardisation", run.Output, StringComparison.Ordinal);
        string[] warnings = [.. run.Lines.Where(line => line.StartsWith("warning ", StringComparison.Ordinal))];
        Assert.All(warnings, warning => Assert.StartsWith("warning      switzerland: ", warning, StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("all 30 training rows", StringComparison.Ordinal));
        Assert.InRange(report.GetProperty("federated").GetProperty("accuracy").GetDouble(), 0.7, 0.9);
    }

    private static async Task<(QfResult Run, JsonElement Report)> RunAsync(TemporaryFolder folder, string standardise, string rounds)
    {
        string data = Requires.HeartData();
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(
            ["demo", "--dataset", "heart", "--data", data, "--algorithm", "newton", "--standardise", standardise, "--rounds", rounds, "--out", folder.At("w")])).Ended(0);
        return (run, FinishedDemo.ReportOf(folder.At("w")));
    }
}
