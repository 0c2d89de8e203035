using System.Diagnostics;

namespace QuantumFed.System.Tests;

/// <summary>Accidents in the middle of a round: whatever process ends, the demo ends too, says which it was, and leaves nothing running.</summary>
public sealed class KilledPartyTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);

    [Theory]
    [InlineData("ledger", "The process of 'ledger'", "killed by signal 9")]
    [InlineData("anvil", "The process of 'ledger'", "anvil")]
    [InlineData("coordinator", "The process of 'coordinator'", "killed by signal 9")]
    [InlineData("riverside", "The process of 'riverside'", "killed by signal 9")]
    public async Task A_killed_party_ends_the_demo_and_is_named(string party, string name, string cause)
    {
        using TemporaryFolder folder = new();
        await using QfRun run = await InTheMiddleAsync(folder);
        int victim = ProcessTable.PartyOf(folder.Root, party);
        long started = Stopwatch.GetTimestamp();
        ProcessTable.Signal(victim, ProcessTable.KillNow);
        QfResult end = (await run.EndAsync(TestContext.Current.CancellationToken, Most)).Ended(1);
        TestContext.Current.TestOutputHelper!.WriteLine($"ended after {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s");
        string message = Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("qf: " + name, message, StringComparison.Ordinal);
        Assert.Contains($"pid {victim}", message, StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.Matches("in the middle of round|after round", message);
        await ProcessTable.NoneAsync(folder.Root, Most);
    }

    [Fact]
    public async Task A_killed_demo_leaves_nothing_running()
    {
        using TemporaryFolder folder = new();
        await using QfRun run = await InTheMiddleAsync(folder);
        Assert.True(ProcessTable.Naming(folder.Root).Count >= 7, "demo, ledger, its shell, anvil, coordinator, three members");
        run.Signal(ProcessTable.KillNow);
        await run.EndAsync(TestContext.Current.CancellationToken, Most);
        await ProcessTable.NoneAsync(folder.Root, Most);
    }

    [Theory]
    [InlineData(ProcessTable.Interrupt)]
    [InlineData(ProcessTable.Terminate)]
    public async Task A_signal_to_the_demo_stops_everything(int signal)
    {
        using TemporaryFolder folder = new();
        await using QfRun run = await InTheMiddleAsync(folder);
        run.Signal(signal);
        QfResult end = await run.EndAsync(TestContext.Current.CancellationToken, Most);
        Assert.Contains(end.ExitCode, (int[])[130, 128 + signal]);
        Assert.Empty(ProcessTable.Naming(folder.Root));
        Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Ctrl_C_ends_a_kept_network_with_an_audited_result()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        await using QfRun run = QfRun.Start(["demo", "--rounds", "1", "--members", "3", "--keep", "--out", folder.At("w")]);
        await run.LineAsync("The network stays up.", TestContext.Current.CancellationToken);
        run.Signal(ProcessTable.Interrupt);
        QfResult end = (await run.EndAsync(TestContext.Current.CancellationToken, Most)).Ended(0);
        Assert.Contains("VERIFIED: 2 rounds", end.Output, StringComparison.Ordinal);
        Assert.True(FinishedDemo.ReportOf(folder.At("w")).GetProperty("audit").GetProperty("verified").GetBoolean());
        Assert.Empty(ProcessTable.Naming(folder.Root));
    }

    // After the first finished round the next begins at once, and there are more than anybody waits for.
    private static async Task<QfRun> InTheMiddleAsync(TemporaryFolder folder)
    {
        Requires.Launcher();
        QfRun run = QfRun.Start(["demo", "--rounds", "500", "--members", "3", "--out", folder.At("w")]);
        try
        {
            await run.LineAsync("coordinator  round  0", TestContext.Current.CancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }
}
