using System.Text.Json;
using QuantumFed.Cli;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>Members that suspend one of their own, replace a key and take the suspended one back, while their federation trains. Whom they vote on is a process, as the coordinator and the ledger are.</summary>
public sealed class GovernedNetworkTests
{
    private static readonly string[] Names = ["lakeside", "north", "riverside", "st-anne"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Votes_take_effect_from_a_round_on_and_every_round_stays_verifiable()
    {
        Requires.Launcher();
        Requires.PostQuantum();
        using TemporaryFolder folder = new();
        var layout = new WorkspaceLayout(folder.At("w"));
        Found(layout);
        await using QfRun ledger = Start("ledger", layout.Ledger);
        await ledger.LineAsync("Contracts in place", Token);
        await using QfRun coordinator = Start("coordinator", layout.Coordinator);
        await using QfRun lakeside = Start("member", Folder(layout, Names[0]));
        InProcessMember[] others = [.. Names.Skip(1).Select(name => InProcessMember.Start(new PartyFolder(Folder(layout, name)).Settings, Token))];
        try
        {
            await coordinator.LineAsync("Round 0 finalised", Token);
            await CarryAsync(layout, 0, "suspend", "lakeside");
            await lakeside.LineAsync("have suspended this one", Token);
            // Its own steps are refused by the ledger, its calls by the coordinator; the others go on without it. The next round may have been planned with it.
            await coordinator.LineAsync($"Round {(await StandingAsync(layout)).NextRound + 1} finalised", Token);
            await CarryAsync(layout, 1, "keys", "--new");
            await CarryAsync(layout, 2, "reinstate", "lakeside");
            await lakeside.LineAsync("have reinstated this one", Token);
            (ulong nextRound, RegistryState registry) = await StandingAsync(layout);
            // The round after the one that may be in progress.
            ulong next = nextRound + 1;
            await lakeside.LineAsync($"Round {next}: attested", Token);
            await coordinator.LineAsync($"Round {next} archived", Token);
            Assert.Equal((3, 4), ((int)registry.Version, registry.ActiveMembers.Count()));
            coordinator.Signal(ProcessTable.Terminate);
            await coordinator.EndAsync(Token, TimeSpan.FromSeconds(180));
        }
        finally
        {
            foreach (InProcessMember member in others)
                await member.DisposeAsync();
        }
        await AuditAsync(layout);
    }

    private static async Task<(ulong NextRound, RegistryState Registry)> StandingAsync(WorkspaceLayout layout)
    {
        Assert.True(ConsortiumAgreement.TryParse(File.ReadAllBytes(layout.Agreement), out ConsortiumAgreement? agreement, out _));
        using JsonRpcClient client = ClientOf(layout);
        LedgerDeployment deployment = RecordedRounds.DeploymentOf(agreement);
        using RoundLedger rounds = RoundLedger.Create(client, deployment, account: null, TimeProvider.System);
        using RegistryLedger registry = RegistryLedger.Create(client, deployment, account: null, TimeProvider.System);
        return (await rounds.NextRoundAsync(Token), (await registry.ReadAsync(Token)).Current);
    }

    private static JsonRpcClient ClientOf(WorkspaceLayout layout) =>
        JsonRpcClient.Create(SettingsFile.Read<MemberSettings>(new PartyFolder(Folder(layout, "north")).Settings).LedgerRpc, TimeProvider.System);

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
        string settings = new PartyFolder(Folder(layout, "north")).Settings;
        QfResult proposed = (await QfRun.ToEndAsync(["ledger", "propose", .. proposal, "--settings", settings])).Ended(0);
        Assert.StartsWith($"Proposal {number}: ", proposed.Output, StringComparison.Ordinal);
        Assert.True(ConsortiumAgreement.TryParse(File.ReadAllBytes(layout.Agreement), out ConsortiumAgreement? agreement, out _));
        using JsonRpcClient client = ClientOf(layout);
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
