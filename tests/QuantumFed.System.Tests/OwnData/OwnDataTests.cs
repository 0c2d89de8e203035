using System.Text.Json;

namespace QuantumFed.System.Tests;

public sealed class OwnDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_nobody_prepared_is_trained_on_and_what_became_of_its_columns_is_said()
    {
        Requires.Launcher();
        string csv = MessyTable.Write(_folder.Root), workspace = _folder.At("w");
        QfResult run = (await QfRun.ToEndAsync(
            ["demo", "--csv", csv, "--label", "outcome", "--positive", "ill", "--site", "clinic", "--algorithm", "fedavg", "--rounds", "2", "--out", workspace])).Ended(0);
        Assert.Contains(run.Lines, line => line.StartsWith("VERIFIED: 3 rounds", StringComparison.Ordinal));
        foreach (string member in (string[])["clinic-a", "clinic-b", "clinic-c"])
            Assert.Contains(run.Lines, line => line.StartsWith($"{member} ", StringComparison.Ordinal) && line.Contains("training rows", StringComparison.Ordinal));
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(workspace, "report.json")));
        string[] columns = [.. report.RootElement.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()!)];
        Assert.Equal(["patient", "clinic", "seen on", "ward, room", "age", "weight", "unit", "outcome"], columns);
        Assert.Equal("fedavg", report.RootElement.GetProperty("algorithm").GetString());
        // The outcome follows from age almost alone.
        Assert.InRange(report.RootElement.GetProperty("federated").GetProperty("auc").GetDouble(), 0.9, 1);
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(workspace, "report.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(workspace, "recipe.json")));
    }

    [Fact]
    public async Task A_wide_table_is_trained_over_the_larger_ring_and_verified()
    {
        Requires.Launcher();
        string csv = WideTable.Write(_folder.Root), workspace = _folder.At("w");
        QfResult run = (await QfRun.ToEndAsync(["demo", "--csv", csv, "--label", "y", "--members", "3", "--rounds", "1", "--out", workspace])).Ended(0);
        Assert.Contains(run.Lines, line => line.StartsWith("VERIFIED: 2 rounds", StringComparison.Ordinal));
        using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(workspace, "report.json")));
        JsonElement lattice = report.RootElement.GetProperty("lattice");
        Assert.Equal(("Z_q[X]/(X^4096 + 1)", 98), (lattice.GetProperty("ring").GetString(), lattice.GetProperty("modulusBits").GetInt32()));
        Assert.InRange(report.RootElement.GetProperty("federated").GetProperty("auc").GetDouble(), 0.8, 1);
    }

    [Theory]
    [InlineData("--label nothing", 5, "nothing")]
    [InlineData("--label unit", 5, "unit")]
    [InlineData("--label outcome --site nowhere", 5, "nowhere")]
    [InlineData("--label patient", 5, "patient")]
    public async Task A_column_that_cannot_be_used_as_asked_is_named(string options, int code, string named)
    {
        Requires.Launcher();
        string csv = MessyTable.Write(_folder.Root);
        QfResult run = (await QfRun.ToEndAsync(["demo", "--csv", csv, .. options.Split(' '), "--out", _folder.At("w")])).Ended(code);
        Assert.Contains(named, Assert.Single(run.ErrorLines, line => line.StartsWith("qf: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("w")), "a workspace was begun for a table that cannot be used");
    }

    [Fact]
    public async Task An_empty_table_is_refused()
    {
        Requires.Launcher();
        string csv = _folder.At("empty.csv");
        File.WriteAllText(csv, "");
        QfResult run = (await QfRun.ToEndAsync(["demo", "--csv", csv, "--label", "y", "--out", _folder.At("w")])).Ended(5);
        Assert.Contains("empty", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo rubbish", "rubbish")]
    [InlineData("false", "exit code 1")]
    [InlineData("sleep 600", "did not answer within 2 seconds")]
    [InlineData("no-such-program", "no program 'no-such-program'")]
    public async Task A_trainer_at_fault_ends_the_demo_with_one_line_and_leaves_nothing(string trainer, string said)
    {
        Requires.Launcher();
        string workspace = _folder.At("w");
        // Only the one that is to miss it gets a limit that others might miss on a busy machine.
        string limit = said.Contains("2 seconds", StringComparison.Ordinal) ? "2" : "300";
        QfResult run = (await QfRun.ToEndAsync(
            ["demo", "--algorithm", "fedavg", "--standardise", "centre", "--rounds", "1", "--training-limit", limit, "--trainer", trainer, "--out", workspace])).Ended(1);
        Assert.Contains(said, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        await ProcessTable.NoneAsync(workspace, TimeSpan.FromSeconds(180));
    }

    [Fact]
    public async Task Kept_averaging_ends_in_its_report_also_where_training_without_clipping_diverges()
    {
        Requires.Launcher();
        string workspace = _folder.At("w");
        await using QfRun run = QfRun.Start(
            ["demo", "--algorithm", "fedavg", "--learning-rate", "300", "--members", "3", "--rounds", "2", "--keep", "--out", workspace]);
        await run.LineAsync("The network stays up.", TestContext.Current.CancellationToken);
        run.Signal(ProcessTable.Interrupt);
        (await run.EndAsync(TestContext.Current.CancellationToken)).Ended(0);
        JsonElement report = FinishedDemo.ReportOf(workspace);
        Assert.Equal(JsonValueKind.Number, report.GetProperty("federated").GetProperty("accuracy").ValueKind);
        Assert.False(report.TryGetProperty("pooled", out JsonElement pooled) && pooled.ValueKind != JsonValueKind.Null, "a diverged model was scored");
    }

    [Fact]
    public async Task A_perceptron_has_one_hidden_layer_of_32_unless_told_otherwise()
    {
        Requires.Launcher();
        string workspace = _folder.At("w");
        (await QfRun.ToEndAsync(["demo", "--model", "mlp", "--standardise", "centre", "--rounds", "1", "--out", workspace])).Ended(0);
        JsonElement model = FinishedDemo.ReportOf(workspace).GetProperty("model");
        Assert.Equal("mlp", model.GetProperty("kind").GetString());
        Assert.Equal([32], model.GetProperty("hiddenLayers").EnumerateArray().Select(width => width.GetInt32()));
    }

    [Fact]
    public async Task Members_may_train_with_the_example_in_Python()
    {
        Requires.Launcher();
        Assert.SkipUnless(Checkout.HasPython, "There is no python3 on this machine.");
        string example = Path.Combine(Checkout.Root, "network", "examples", "trainer", "logistic_sgd.py"), workspace = _folder.At("w");
        QfResult run = (await QfRun.ToEndAsync(
            ["demo", "--algorithm", "fedprox", "--rounds", "2", "--trainer", $"python3 {example}", "--out", workspace])).Ended(0);
        Assert.Contains(run.Lines, line => line.StartsWith("VERIFIED: 3 rounds", StringComparison.Ordinal));
        Assert.InRange(FinishedDemo.ReportOf(workspace).GetProperty("federated").GetProperty("auc").GetDouble(), 0.75, 1);
    }

    [Fact]
    public async Task A_comparison_counts_the_same_rounds_in_every_way_and_names_its_method()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(
            ["compare", "--algorithm", "fedprox", "--standardise", "centre", "--members", "3", "--rounds", "2", "--json", "--out", _folder.At("c")])).Ended(0);
        using JsonDocument result = JsonDocument.Parse(run.Output);
        Dictionary<string, JsonElement> ways = result.RootElement.GetProperty("ways").EnumerateArray().ToDictionary(way => way.GetProperty("name").GetString()!);
        // One round of two: the model to the member and an update of as many numbers back, in both.
        Assert.Equal(
            ways["plain federated"].GetProperty("bytesPerMember").GetDouble(), ways["fedprox with noise, epsilon 8"].GetProperty("bytesPerMember").GetDouble(), 1e-9);
        Assert.True(ways.ContainsKey("fedprox with pairwise masks"));
    }

    [Fact]
    public async Task A_comparison_of_times_runs_the_networks_only()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(
            ["compare", "--algorithm", "fedavg", "--standardise", "centre", "--members", "3", "--rounds", "2", "--network-only", "--out", _folder.At("c")])).Ended(0);
        Assert.Contains(run.Lines, line => line.StartsWith("plain federated ", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.StartsWith("QuantumFed ", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Lines, line => line.StartsWith("pooled", StringComparison.Ordinal) || line.StartsWith("Noise", StringComparison.Ordinal));
        Assert.Contains("VERIFIED: the encrypted run replays.", run.Lines);
    }

    [Fact]
    public async Task A_comparison_tabulates_six_ways_of_the_same_training()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(
            ["compare", "--algorithm", "fedavg", "--rounds", "2", "--json", "--out", _folder.At("c")])).Ended(0);
        using JsonDocument result = JsonDocument.Parse(run.Output);
        Assert.True(result.RootElement.GetProperty("verified").GetBoolean());
        Dictionary<string, JsonElement> ways = result.RootElement.GetProperty("ways").EnumerateArray().ToDictionary(way => way.GetProperty("name").GetString()!);
        Assert.Equal(
            ["pooled", "local-only", "plain federated", "fedavg with noise, epsilon 8", "fedavg with pairwise masks", "QuantumFed"], ways.Keys);
        // The same seed, rows and training: what differs is fixed-point rounding.
        double plain = ways["plain federated"].GetProperty("auc").GetDouble();
        Assert.Equal(plain, ways["QuantumFed"].GetProperty("auc").GetDouble(), 5e-3);
        Assert.Equal(plain, ways["fedavg with pairwise masks"].GetProperty("auc").GetDouble(), 2e-2);
        Assert.Equal(
            ways["QuantumFed"].GetProperty("seconds").GetDouble() / ways["plain federated"].GetProperty("seconds").GetDouble(),
            result.RootElement.GetProperty("encryptedOverPlain").GetDouble(), 1e-9);
        Assert.Equal(
            ways["QuantumFed"].GetProperty("medianRoundSeconds").GetDouble() / ways["plain federated"].GetProperty("medianRoundSeconds").GetDouble(),
            result.RootElement.GetProperty("encryptedOverPlainMedianRound").GetDouble(), 1e-9);
        // Two rounds are timed, so the median round is half of all.
        Assert.Equal(ways["QuantumFed"].GetProperty("seconds").GetDouble() / 2, ways["QuantumFed"].GetProperty("medianRoundSeconds").GetDouble(), 1e-9);
        Assert.True(File.Exists(Path.Combine(_folder.At("c"), "comparison.json")));
    }
}
