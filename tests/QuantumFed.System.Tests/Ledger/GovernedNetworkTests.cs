using System.Text.Json;
using QuantumFed.Cli;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>Members that suspend one of their own, replace a key and take the suspended one back, while their federation trains: each party a process.</summary>
public sealed class GovernedNetworkTests
{
    private static readonly string[] Names = ["lakeside", "north", "riverside", "st-anne"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Votes_take_effect_from_a_round_on_and_every_round_stays_verifiable()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        var layout = new WorkspaceLayout(folder.At("w"));
        Found(layout);
        await using QfRun ledger = Start("ledger", layout.Ledger);
        await ledger.LineAsync("Contracts in place", Token);
        await using QfRun coordinator = Start("coordinator", layout.Coordinator);
        Dictionary<string, QfRun> members = Names.ToDictionary(name => name, name => Start("member", Folder(layout, name)));
        try
        {
            await coordinator.LineAsync("Round 1 finalised", Token);
            await CarryAsync(layout, 0, "suspend", "lakeside");
            await members["lakeside"].LineAsync("have suspended this one", Token);
            // Its own steps are refused by the ledger, its calls by the coordinator; the others go on without it. The next round may have been planned with it.
            JsonElement suspended = JsonElement.Parse((await QfRun.ToEndAsync(["ledger", "status", "--workspace", layout.Root, "--json"])).Ended(0).Output);
            await coordinator.LineAsync($"Round {suspended.GetProperty("rounds").GetProperty("next").GetInt32() + 1} finalised", Token);
            await CarryAsync(layout, 1, "keys", "--new");
            await CarryAsync(layout, 2, "reinstate", "lakeside");
            await members["lakeside"].LineAsync("have reinstated this one", Token);
            QfResult status = (await QfRun.ToEndAsync(["ledger", "status", "--workspace", layout.Root, "--json"])).Ended(0);
            JsonElement registry = JsonElement.Parse(status.Output).GetProperty("registry");
            // The round after the one that may be in progress.
            int next = JsonElement.Parse(status.Output).GetProperty("rounds").GetProperty("next").GetInt32() + 1;
            await members["lakeside"].LineAsync($"Round {next}: attested", Token);
            await coordinator.LineAsync($"Round {next} archived", Token);
            Assert.Equal((3, 4), (registry.GetProperty("version").GetInt32(), registry.GetProperty("activeMembers").GetInt32()));
            coordinator.Signal(ProcessTable.Terminate);
            await coordinator.EndAsync(Token, TimeSpan.FromSeconds(180));
        }
        finally
        {
            foreach (QfRun run in members.Values)
                await run.DisposeAsync();
        }
        await AuditAsync(layout);
    }

    private static async Task AuditAsync(WorkspaceLayout layout)
    {
        QfResult audit = await QfRun.ToEndAsync(["audit", "verify", "--workspace", layout.Root, "--json"]);
        JsonElement report = JsonElement.Parse(audit.Output);
        Assert.Equal([1, 2, 3], report.GetProperty("proposals").EnumerateArray().Select(proposal => proposal.GetProperty("version").GetInt32()));
        // The coordinator was ended in the middle of a round, which the archive knows by its index at most.
        int recorded = report.GetProperty("rounds").GetArrayLength();
        Assert.All(report.GetProperty("findings").EnumerateArray(), finding => Assert.Equal($"round {recorded}", finding.GetProperty("subject").GetString()));
        JsonElement[] rounds = [.. report.GetProperty("rounds").EnumerateArray().Where(round => round.GetProperty("phase").GetString() == "finalized")];
        Assert.All(rounds, round => Assert.True(round.GetProperty("verified").GetBoolean(), round.ToString()));
        // All of them, then all but the suspended one, and all of them after its return.
        int with = Array.FindIndex(rounds, round => Participants(round).SequenceEqual(Names));
        int without = Array.FindIndex(rounds, with + 1, round => Participants(round).SequenceEqual(Names.Skip(1)));
        Assert.InRange(with, 0, without - 1);
        Assert.Equal(Names, Participants(rounds[^1]));
    }

    private static IEnumerable<string> Participants(JsonElement round) => round.GetProperty("participants").EnumerateArray().Select(name => name.GetString()!);

    // North proposes and has a vote by that; of four members, three are more than 66 percent.
    private static async Task CarryAsync(WorkspaceLayout layout, int number, params string[] proposal)
    {
        string Settings(string member) => new PartyFolder(Folder(layout, member)).Settings;
        QfResult proposed = (await QfRun.ToEndAsync(["ledger", "propose", .. proposal, "--settings", Settings("north")])).Ended(0);
        Assert.StartsWith($"Proposal {number}: ", proposed.Output, StringComparison.Ordinal);
        Assert.True(ConsortiumAgreement.TryParse(File.ReadAllBytes(layout.Agreement), out ConsortiumAgreement? agreement, out _));
        using JsonRpcClient client = JsonRpcClient.Create(SettingsFile.Read<MemberSettings>(Settings("north")).LedgerRpc, TimeProvider.System);
        foreach (string voter in new[] { "riverside", "st-anne" })
        {
            var folder = new PartyFolder(Folder(layout, voter));
            using LedgerAccount account = folder.ReadAccount(agreed: null);
            using RegistryVoting voting = RegistryVoting.Create(agreement, client, folder, account, TimeProvider.System);
            await voting.VoteAsync((ulong)number, support: true, Token);
            if (await voting.TryExecuteAsync((ulong)number, Token))
                return;
        }
        Assert.Fail($"Proposal {number} was not carried.");
    }

    private static void Found(WorkspaceLayout layout)
    {
        IReadOnlyList<int> ports = DemoNetwork.FreePorts(2);
        _ = SmallWorkspace.Found(layout, Names.Length, rounds: 500, ports[0], ports[1]);
    }

    private static string Folder(WorkspaceLayout layout, string member) => layout.Member(MemberId.Parse(member));

    private static QfRun Start(string command, string folder) => QfRun.Start([command, "run", "--settings", new PartyFolder(folder).Settings]);
}
