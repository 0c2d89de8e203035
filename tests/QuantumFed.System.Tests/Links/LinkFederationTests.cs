using System.Text.Json;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A key manager that dies in the middle of a federation: a demo ends and names it; in a consortium the policy of its link decides.</summary>
public sealed class LinkFederationTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(180);
    private static readonly MemberId North = MemberId.Parse("north");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_demo_whose_link_is_killed_ends_and_names_it()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        await using QfRun run = QfRun.Start(["demo", "--qkd", "--rounds", "500", "--members", "3", "--json", "--out", folder.At("w")]);
        JsonElement started = JsonDocument.Parse(await run.LineAsync("\"party\":\"link north\",\"processId\"", Token)).RootElement;
        int link = started.GetProperty("processId").GetInt32();
        await run.LineAsync("\"RoundFinished\"", Token);
        ProcessTable.Signal(link, ProcessTable.KillNow);
        QfResult end = (await run.EndAsync(Token, Most)).Ended(1);
        string message = Assert.Single(end.ErrorLines);
        Assert.StartsWith($"qf: The process of 'link north' (pid {link}) ended", message, StringComparison.Ordinal);
        Assert.Contains("killed by signal 9", message, StringComparison.Ordinal);
        await ProcessTable.NoneAsync(folder.Root, Most);
    }

    [Theory]
    [InlineData("require")]
    [InlineData("wait 300 s")]
    public async Task A_killed_key_manager_excludes_its_member_at_once_or_keeps_it_where_the_policy_waits_for_its_return(string policy)
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        var layout = new WorkspaceLayout(folder.At("w"));
        // A round takes three at least, so that of three nobody can be excluded.
        string[] names = policy == "require" ? ["lakeside", "north", "riverside", "st-anne"] : ["north", "riverside", "st-anne"];
        await FoundAsync(layout, policy, names.Length);
        await using QfRun ledger = Start("ledger", layout.Ledger);
        await ledger.LineAsync("Contracts in place", Token);
        Dictionary<string, QfRun> links = names.ToDictionary(name => name, name => StartLink(layout, MemberId.Parse(name)));
        await Task.WhenAll(links.Values.Select(link => Task.WhenAll(link.LineAsync("Transmitter: block", Token), link.LineAsync("Receiver: block", Token))));
        // Dead before the first round, so that this round meets it.
        links["north"].Signal(ProcessTable.KillNow);
        await links["north"].DisposeAsync();
        await using QfRun coordinator = Start("coordinator", layout.Coordinator);
        Dictionary<string, QfRun> members = names.ToDictionary(name => name, name => Start("member", layout.Member(MemberId.Parse(name))));
        try
        {
            if (policy == "require")
            {
                Assert.Contains(
                    "Withheld, because the quantum link gave no key (Unreachable)", await members["north"].LineAsync("Round 0: Withheld", Token), StringComparison.Ordinal);
                await coordinator.LineAsync("Round 0: north is excluded: QuantumLinkDown", Token);
                await coordinator.LineAsync("Round 0 finalised", Token);
                links["north"] = StartLink(layout, North);
            }
            else
            {
                // The others have delivered; the round waits for north, and north for its link.
                await Task.WhenAll(names.Where(name => name != "north").Select(name => coordinator.LineAsync($"Round 0: received the update of {name}", Token)));
                links["north"] = StartLink(layout, North);
                await members["north"].LineAsync("Round 0: the update is sealed with key", Token);
                await coordinator.LineAsync("Round 0: received the update of north", Token);
                await coordinator.LineAsync("Round 0: the update of north came under MLKemAndQuantumKey", Token);
            }
            await coordinator.LineAsync("The federation has completed its 2 rounds.", Token);
        }
        finally
        {
            foreach (QfRun run in members.Values.Concat(links.Values))
                await run.DisposeAsync();
        }
        QfResult audit = (await QfRun.ToEndAsync(["audit", "verify", "--workspace", layout.Root])).Ended(0);
        Assert.Contains("VERIFIED: 2 rounds", audit.Output, StringComparison.Ordinal);
        Assert.Equal(policy == "require", audit.Output.Contains("quantum link of north: no key, sent no update", StringComparison.Ordinal));
    }

    // A demo that is killed before its first round leaves a consortium whose parties have never run.
    private static async Task FoundAsync(WorkspaceLayout layout, string policy, int members)
    {
        await using (QfRun demo = QfRun.Start(["demo", "--qkd", "--qkd-policy", policy, "--rounds", "1", "--members", $"{members}", "--out", layout.Root]))
        {
            await demo.LineAsync("Contracts in place", Token);
            demo.Signal(ProcessTable.KillNow);
        }
        await ProcessTable.NoneAsync(layout.Root, Most);
    }

    private static QfRun Start(string role, string folder) => QfRun.Start([role, "run", "--settings", new PartyFolder(folder).Settings]);

    private static QfRun StartLink(WorkspaceLayout layout, MemberId member) =>
        QfRun.Start(["qkd", "run", "--link", Path.Combine(layout.Link(member), LinkFounder.SettingsName)]);
}
