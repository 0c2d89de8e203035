namespace QuantumFed.System.Tests;

/// <summary><c>qf ledger watch</c> while its node goes away, comes back, and comes back as another chain.</summary>
public sealed class LedgerWatchTests(FinishedDemo demo)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_is_away_is_waited_for_and_an_exchanged_chain_ends_the_watch()
    {
        await using var ledger = new ServedLedger(demo);
        await ledger.RunningAsync();
        await using QfRun watch = QfRun.Start(["ledger", "watch", "--from", "0", "--workspace", ledger.Workspace, "--rpc", ledger.Rpc]);
        await watch.LineAsync("round 2 finalised", Token);
        await ledger.StopAsync();
        await watch.LineAsync("the ledger's node is away", Token);
        await ledger.RunningAsync();
        await watch.LineAsync("the ledger's node is back", Token);
        await ledger.StopAsync(forget: true);
        await ledger.RunningAsync();
        QfResult end = (await watch.EndAsync(Token)).Ended(6);
        Assert.StartsWith("qf: ", Assert.Single(end.ErrorLines), StringComparison.Ordinal);
        // Each absence once, and nothing of the first chain twice.
        Assert.InRange(end.Lines.Count(line => line.Contains("is away", StringComparison.Ordinal)), 1, 2);
        Assert.Single(end.Lines, line => line.Contains("round 2 finalised", StringComparison.Ordinal));
    }
}
