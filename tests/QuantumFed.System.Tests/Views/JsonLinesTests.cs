using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>What a script reads: every line of standard output is one JSON object, whatever happens.</summary>
public sealed class JsonLinesTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task A_run_is_told_whole_in_json_lines()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult run = (await QfRun.ToEndAsync(["demo", "--json", "--rounds", "1", "--members", "3", "--out", folder.At("w")])).Ended(0);
        Assert.Equal("", run.Error);
        JsonElement[] lines = Parse(run);
        Assert.Equal("DemoStarted", Name(lines[0]));
        Assert.Equal(3, lines[0].GetProperty("members").GetArrayLength());
        Assert.Equal(5, lines.Count(line => Name(line) == "PartyStarted"));
        Assert.Equal(["AuditFinished", "ReportWritten", "Completed"], lines[^3..].Select(Name));
        Assert.True(lines[^3].GetProperty("verified").GetBoolean());
        Assert.Equal(folder.At("w", "report.json"), lines[^2].GetProperty("path").GetString());
        Assert.Equal(0, lines[^1].GetProperty("exitCode").GetInt32());

        JsonElement[] rounds = [.. lines.Where(line => Name(line) == "RoundFinished")];
        Assert.Equal([0, 1], rounds.Select(round => round.GetProperty("round").GetInt32()));
        foreach (JsonElement round in rounds)
        {
            Assert.InRange(round.GetProperty("accuracy").GetDouble(), 0, 1);
            // The steps follow each other without gaps, and the round's own time is theirs up to the transaction that ends the step before attesting.
            Dictionary<string, double> steps = round.GetProperty("stepSeconds").EnumerateObject().ToDictionary(step => step.Name, step => step.Value.GetDouble());
            Assert.Equal(8, steps.Count);
            Assert.All(steps, step => Assert.InRange(step.Value, 0.0001, 120));
            Assert.Equal(round.GetProperty("seconds").GetDouble(), steps.Values.Sum() - steps["attesting"] - steps["archiving"], 0.05);
            double update = round.GetProperty("meanBytes").GetProperty("updates").GetProperty("fromMember").GetDouble();
            Assert.InRange(update, round.GetProperty("bytesPerMember").GetDouble(), round.GetProperty("bytesPerMember").GetDouble() * 1.01);
        }

        JsonElement[] links = [.. lines.Where(line => Name(line) == "MemberLink").Select(line => line.GetProperty("fields"))];
        Assert.Equal(3, links.Length);
        Assert.All(links, link =>
        {
            Assert.Equal("TLSv1.3", link.GetProperty("protocol").GetString());
            Assert.Matches("^TLS_(AES|CHACHA20)_", link.GetProperty("cipherSuite").GetString());
            Assert.Equal("mldsa65", link.GetProperty("certificateSignature").GetString());
        });
        string[] awaited = [.. lines.Where(line => Name(line) == "Awaiting").Select(line => line.GetProperty("fields").GetProperty("step").GetString()!).Distinct()];
        Assert.Equal(["Keys", "Training", "Upload", "Shares", "Opening", "Finalising", "Attesting", "Archiving"], awaited);
    }

    [Fact]
    public async Task A_mistake_is_a_json_line_too()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.At("file"), "");
        QfResult run = (await QfRun.ToEndAsync(["demo", "--json", "--out", folder.At("file")])).Ended(2);
        JsonElement line = Assert.Single(Parse(run));
        Assert.Equal(("Failed", 2), (Name(line), line.GetProperty("exitCode").GetInt32()));
        Assert.Equal($"qf: {line.GetProperty("message").GetString()}\n", run.Error);
    }

    [Theory]
    [InlineData("\"DemoStarted\"", ProcessTable.Terminate)]
    [InlineData("\"Ready\"", ProcessTable.Interrupt)]
    [InlineData("\"SharesChecked\"", ProcessTable.Terminate)]
    [InlineData("\"FederationCompleted\"", ProcessTable.Interrupt)]
    public async Task A_signal_at_any_moment_leaves_nothing_running_and_is_the_last_line(string moment, int signal)
    {
        Requires.Launcher();
        QfResult end = await EndedByAsync(async () =>
        {
            using TemporaryFolder folder = new();
            await using QfRun run = QfRun.Start(["demo", "--json", "--rounds", "1", "--members", "3", "--out", folder.At("w")]);
            await run.LineAsync(moment, TestContext.Current.CancellationToken);
            run.SignalIfRunning(signal);
            QfResult result = await run.EndAsync(TestContext.Current.CancellationToken, Most);
            Assert.Empty(ProcessTable.Naming(folder.Root));
            return result;
        }, unheard: 0);
        JsonElement last = Parse(end)[^1];
        Assert.Equal(("Failed", 130), (Name(last), last.GetProperty("exitCode").GetInt32()));
        Assert.Equal("qf: interrupted; everything that was started has been stopped.\n", end.Error);
    }

    [Fact]
    public async Task A_ctrl_c_that_ends_a_starting_party_first_is_an_interruption_all_the_same()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        // A terminal signals every process of its group, and which of them notices first is chance. Here it is a member that does not ignore signals yet.
        string dotnet = folder.At("dotnet");
        File.WriteAllText(dotnet, """
            #!/bin/sh
            case " $* " in *" member run "*) kill -INT $$ ;; esac
            exec "$(PATH=${PATH#*:}; command -v dotnet)" "$@"
            """);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        QfResult end = await EndedByAsync(async () =>
        {
            await using QfRun run = QfRun.Start(
                ["demo", "--json", "--members", "3", "--out", folder.At("w")], ("PATH", $"{folder.Root}:{Environment.GetEnvironmentVariable("PATH")}"));
            string started = await run.LineAsync("\"party\":\"north\"", TestContext.Current.CancellationToken);
            await ProcessTable.EndAsync(JsonDocument.Parse(started).RootElement.GetProperty("processId").GetInt32(), Most);
            run.SignalIfRunning(ProcessTable.Interrupt);
            return await run.EndAsync(TestContext.Current.CancellationToken, Most);
        }, unheard: 1);
        Assert.Empty(ProcessTable.Naming(folder.Root));
        Assert.Equal("Failed", Name(Parse(end)[^1]));
    }

    // A busy machine may send the signal when the run has come to its end without it, which says nothing.
    private static async Task<QfResult> EndedByAsync(Func<Task<QfResult>> interrupted, int unheard)
    {
        QfResult end = await interrupted();
        for (int again = 0; again < 9 && end.ExitCode == unheard; again++)
            end = await interrupted();
        return end.Ended(130);
    }

    private static JsonElement[] Parse(QfResult run)
    {
        Assert.DoesNotContain(run.Output, character => char.IsControl(character) && character != '\n');
        JsonElement[] lines = [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(lines, line => Assert.True(line.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UnixEpoch && Name(line).Length > 0));
        return lines;
    }

    private static string Name(JsonElement line) => line.GetProperty("event").GetString()!;
}
