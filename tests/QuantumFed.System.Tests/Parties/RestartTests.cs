using System.Diagnostics;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>Parties that are killed and started again by their operators, in the worst moment: a round that is closed and not yet opened.</summary>
public sealed class RestartTests
{
    private const int Stop = 19;
    private const int Continue = 18;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_round_survives_the_death_of_the_coordinator_and_of_committee_members()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        var layout = new WorkspaceLayout(folder.At("w"));
        await FoundAsync(layout);
        await using QfRun ledger = Start("ledger", layout.Ledger);
        await ledger.LineAsync("Contracts in place", Token);
        QfRun coordinator = Start("coordinator", layout.Coordinator);
        Dictionary<string, QfRun> members = new[] { "lakeside", "north", "riverside", "st-anne" }
            .ToDictionary(name => name, name => Start("member", layout.Member(MemberId.Parse(name))));
        try
        {
            int round = await HoldUpAClosedRoundAsync(layout, coordinator, members["lakeside"], members["north"]);
            await KillAsync(coordinator);
            await KillAsync(members["riverside"]);
            coordinator = Start("coordinator", layout.Coordinator);
            members["riverside"] = Start("member", layout.Member(MemberId.Parse("riverside")));
            await coordinator.LineAsync($"Round {round} was closed before a restart; finishing it.", Token);
            members["lakeside"].Signal(Continue);
            members["north"].Signal(Continue);
            await coordinator.LineAsync("The federation has completed its 5 rounds.", Token);
            // As one that died after the last round's end and before its capture: no further round would bring it.
            await KillAsync(coordinator);
            await RequireRefusalOfAShorterChainAsync(layout);
            File.Delete(new RoundArchive(layout.Archive).ChainIndexPath);
            coordinator = Start("coordinator", layout.Coordinator);
            await coordinator.LineAsync("The federation has completed its 5 rounds.", Token);
        }
        finally
        {
            foreach (QfRun run in members.Values.Append(coordinator))
                await run.DisposeAsync();
        }
        QfResult audit = (await QfRun.ToEndAsync(["audit", "verify", "--workspace", layout.Root])).Ended(0);
        Assert.Contains("VERIFIED: 5 rounds", audit.Output, StringComparison.Ordinal);
    }

    // An archive that holds a block more than the ledger has is what a ledger that lost blocks looks like.
    private static async Task RequireRefusalOfAShorterChainAsync(WorkspaceLayout layout)
    {
        var archive = new RoundArchive(layout.Archive);
        Assert.True(archive.TryReadChain(out IReadOnlyList<Digest>? blocks));
        archive.WriteChain([.. blocks, blocks[^1]]);
        QfResult refused = (await QfRun.ToEndAsync(["coordinator", "run", "--settings", new PartyFolder(layout.Coordinator).Settings])).Ended(6);
        Assert.Contains($"The ledger has lost block {blocks.Count}", refused.Error, StringComparison.Ordinal);
    }

    // A demo that is killed before its first round leaves a consortium whose parties have never run.
    private static async Task FoundAsync(WorkspaceLayout layout)
    {
        await using (QfRun demo = QfRun.Start(["demo", "--rounds", "4", "--out", layout.Root]))
        {
            await demo.LineAsync("Contracts in place", Token);
            demo.Signal(ProcessTable.KillNow);
        }
        await ProcessTable.NoneAsync(layout.Root, TimeSpan.FromSeconds(180));
    }

    // Two of four committee members are stopped after they have reported and before they open: three are needed. Where they were quicker, the next
    // round is tried.
    private static async Task<int> HoldUpAClosedRoundAsync(WorkspaceLayout layout, QfRun coordinator, QfRun lakeside, QfRun north)
    {
        for (int round = 1; round < 4; round++)
        {
            await Task.WhenAll(StopAfterReportAsync(lakeside, round), StopAfterReportAsync(north, round));
            await coordinator.LineAsync($"Round {round} closed", Token);
            if (!await HasOpenedAsync(layout, "lakeside", round) && !await HasOpenedAsync(layout, "north", round))
                return round;
            lakeside.Signal(Continue);
            north.Signal(Continue);
        }
        Assert.Fail("Every round was opened before its committee could be stopped.");
        return 0;
    }

    private static async Task StopAfterReportAsync(QfRun member, int round)
    {
        await member.LineAsync($"Round {round}: checked the shares", Token);
        member.Signal(Stop);
        await ProcessTable.StoppedAsync(member.Id);
    }

    // Who opens writes it down first. The member holds the file, which .NET therefore does not read.
    private static async Task<bool> HasOpenedAsync(WorkspaceLayout layout, string member, int round)
    {
        using TemporaryFolder folder = new();
        using (Process copy = Process.Start("cp", [Path.Combine(new PartyFolder(layout.Member(MemberId.Parse(member))).State, "openings.journal"), folder.At("copy")]))
        {
            await copy.WaitForExitAsync(Token);
            Assert.Equal(0, copy.ExitCode);
        }
        using FileOpeningJournal journal = FileOpeningJournal.Open(folder.At("copy"), mayBegin: false);
        return journal.Openings.Any(opening => opening.Round == new RoundId((ulong)round));
    }

    private static async Task KillAsync(QfRun run)
    {
        run.Signal(ProcessTable.KillNow);
        await run.DisposeAsync();
    }

    private static QfRun Start(string role, string folder) => QfRun.Start([role, "run", "--settings", new PartyFolder(folder).Settings]);
}
