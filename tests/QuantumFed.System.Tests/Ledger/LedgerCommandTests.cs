using System.Text.Json;
using QuantumFed.Ledger;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

/// <summary><c>qf ledger</c>'s commands as an operator, a regulator and a program use them.</summary>
public sealed class LedgerCommandTests(ServedLedger ledger) : IClassFixture<ServedLedger>
{
    private const string Unknown = "0x0000000000000000000000000000000000000001";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_regulator_with_the_agreement_alone_reads_the_ledger()
    {
        await ledger.RunningAsync();
        string[] reader = ["--agreement", ledger.Agreement, "--rpc", ledger.Rpc];
        QfResult status = (await RunAsync(["status", .. reader])).Ended(0);
        Assert.Contains("a development chain: its operator could rewrite it", status.Output, StringComparison.Ordinal);
        Assert.Contains("code and founding as agreed", status.Output, StringComparison.Ordinal);
        Assert.Equal(ServedLedger.Rounds, (await JsonAsync(["status", .. reader])).GetProperty("rounds").GetProperty("next").GetInt32());
        // A heading, and a line for each.
        Assert.Equal(1 + ServedLedger.Rounds, (await RunAsync(["rounds", .. reader])).Ended(0).Lines.Length);
        Assert.Equal([ServedLedger.Rounds - 1], (await JsonAsync(["rounds", "--last", "1", .. reader])).EnumerateArray().Select(Number("round")));
    }

    [Fact]
    public async Task A_round_shows_every_step_and_who_took_it()
    {
        await ledger.RunningAsync();
        QfResult text = (await RunAsync(["round", "1", .. Reader])).Ended(0);
        Assert.Contains("in the sum          4: lakeside, north, riverside, st-anne", text.Output, StringComparison.Ordinal);
        JsonElement round = await JsonAsync(["round", "1", .. Reader]);
        Assert.Equal("Finalized", round.GetProperty("phase").GetString());
        string[] steps = [.. round.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name")} {step.GetProperty("by")}")];
        Assert.Equal("openRound coordinator", steps[0]);
        foreach (string member in (string[])["lakeside", "north", "riverside", "st-anne"])
            Assert.Equal(["commitUpdate", "attest"], steps.Where(step => step.EndsWith(" " + member, StringComparison.Ordinal)).Select(step => step.Split(' ')[0]));
    }

    [Fact]
    public async Task Members_have_roles_and_keys()
    {
        await ledger.RunningAsync();
        Assert.Contains("Registry version 0 of 0.", (await RunAsync(["members", .. Reader])).Ended(0).Output, StringComparison.Ordinal);
        JsonElement members = await JsonAsync(["members", .. Reader]);
        Assert.Equal(
            ["lakeside Member", "north Member", "riverside Member", "st-anne Member", "coordinator Coordinator"],
            members.GetProperty("parties").EnumerateArray().Select(party => $"{party.GetProperty("name")} {party.GetProperty("role")}"));
    }

    [Theory]
    [InlineData("Say which ledger", "status")]
    [InlineData("--agreement needs --rpc", "status", "--agreement", "AGREEMENT")]
    [InlineData("without a name and password", "status", "--settings", "NORTH", "--rpc", "http://name:word@127.0.0.1/")]
    [InlineData("ROUND takes a whole number", "round", "-1", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("The ledger has no round 99", "round", "99", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("The registry has no version 7", "members", "--version-number", "7", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("--role takes member, coordinator or regulator", "propose", "role", "lakeside", "--role", "7", "--settings", "NORTH")]
    [InlineData("The agreement has: lakeside", "propose", "suspend", "nobody", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("--settings", "vote", "0", "--yes")]
    [InlineData("--yes or --no", "vote", "0", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("The ledger has no block 123456", "watch", "--from", "123456", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("--confirmations takes a whole number from 0 to 128", "watch", "--confirmations", "129", "--settings", "NORTH", "--rpc", "RPC")]
    public Task What_was_not_understood_is_said_in_one_line(string expected, params string[] arguments) => FailsAsync(2, expected, arguments);

    [Theory]
    [InlineData("cannot be reached", "status", "--settings", "NORTH", "--rpc", "http://127.0.0.1:1/")]
    [InlineData("There is no proposal 40", "vote", "40", "--yes", "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("see qf ledger members", "propose", "suspend", Unknown, "--settings", "NORTH", "--rpc", "RPC")]
    [InlineData("already", "propose", "role", "lakeside", "--role", "member", "--settings", "NORTH", "--rpc", "RPC")]
    public Task What_the_ledger_refuses_is_said_in_one_line(string expected, params string[] arguments) => FailsAsync(6, expected, arguments);

    [Fact]
    public async Task Another_chain_behind_the_address_is_not_the_agreed_one()
    {
        await ledger.RunningAsync();
        await using AnvilProcess other = await AnvilProcess.StartAsync(Checkout.Root, 0, 20260, stateFile: null, TimeProvider.System, Token);
        await FailsAsync(6, "", ["status", "--settings", "NORTH", "--rpc", other.Endpoint.ToString()]);
        await FailsAsync(6, "", ["watch", "--settings", "NORTH", "--rpc", other.Endpoint.ToString()]);
    }

    [Fact]
    public async Task A_party_without_its_account_proposes_nothing()
    {
        await ledger.RunningAsync();
        string settings = MissingThingsTests.CopyParty(Path.GetDirectoryName(ledger.Settings("riverside"))!, ledger.At("bare"));
        File.Delete(ledger.At("bare/account.json"));
        await FailsAsync(5, "account.json", ["propose", "suspend", "lakeside", "--settings", settings, "--rpc", "RPC"]);
    }

    [Fact]
    public async Task A_ceremony_is_recorded_once_and_its_signed_record_is_never_replaced()
    {
        await ledger.RunningAsync();
        string minutes = ledger.At("minutes.txt");
        await File.WriteAllTextAsync(minutes, "The old keys were destroyed in the presence of two.", Token);
        string[] record = ["ceremony", "record", "--minutes", minutes, "--about", "destruction", .. Actor("north")];
        Assert.False((await JsonAsync(record)).GetProperty("alreadyApplied").GetBoolean());
        byte[] signed = await File.ReadAllBytesAsync(minutes + ".signed", Token);
        Assert.True((await JsonAsync(record)).GetProperty("alreadyApplied").GetBoolean());
        await FailsAsync(5, "move it away", ["ceremony", "record", "--minutes", minutes, "--about", "partykeys", .. Actor("north")]);
        Assert.Equal(signed, await File.ReadAllBytesAsync(minutes + ".signed", Token));
        Assert.Equal(["Destruction north"], (await JsonAsync(["ceremony", "list", .. Reader])).EnumerateArray()
            .Select(ceremony => $"{ceremony.GetProperty("about")} {ceremony.GetProperty("by")}"));
    }

    [Fact]
    public async Task Deploying_again_verifies()
    {
        await ledger.RunningAsync();
        string[] deploy = ["deploy", "--settings", ledger.LedgerSettings, "--rpc", ledger.Rpc];
        Assert.Contains("in place and verified", (await RunAsync(deploy)).Ended(0).Output, StringComparison.Ordinal);
        await FailsAsync(5, "the agreement says", ["deploy", .. Actor("north")]);
    }

    [Fact]
    public async Task A_watch_tells_a_proposal_and_its_votes_as_they_come()
    {
        await ledger.RunningAsync();
        await using QfRun all = QfRun.Start(["ledger", "watch", "--from", "0", .. Reader]);
        await using QfRun late = QfRun.Start(["ledger", "watch", "--json", .. Reader]);
        await all.LineAsync("consortium founded with 5 parties", Token);
        await all.LineAsync("round 1 finalised", Token);
        QfResult proposed = (await RunAsync(["propose", "suspend", "lakeside", .. Actor("st-anne")])).Ended(0);
        string number = proposed.Output.Split(' ')[1].TrimEnd(':');
        await all.LineAsync($"proposal {number} made by st-anne: suspend lakeside", Token);
        await all.LineAsync($"proposal {number} has a yes from st-anne", Token);
        Assert.Contains("st-anne", (await RunAsync(["proposals", .. Reader])).Ended(0).Output, StringComparison.Ordinal);
        all.Signal(ProcessTable.Terminate);
        late.Signal(ProcessTable.Interrupt);
        (await all.EndAsync(Token)).Ended(0);
        QfResult lines = (await late.EndAsync(Token)).Ended(0);
        // It may have begun to listen after the proposal; what it said are objects of what came from then on.
        Assert.All(lines.Lines, line => Assert.NotEqual("ConsortiumFounded", JsonElement.Parse(line).GetProperty("event").GetString()));
    }

    [Fact]
    public async Task A_watch_whose_output_is_closed_ends()
    {
        await ledger.RunningAsync();
        await using QfRun piped = QfRun.StartPiped(["ledger", "watch", "--from", "0", "--json", .. Reader], "head -n 1");
        QfResult result = await piped.EndAsync(Token);
        Assert.Equal("ConsortiumFounded", JsonElement.Parse(Assert.Single(result.Lines)).GetProperty("event").GetString());
        Assert.Equal("0", result.Error.Trim());
    }

    private string[] Reader => ["--workspace", ledger.Workspace, "--rpc", ledger.Rpc];

    private string[] Actor(string member) => ["--settings", ledger.Settings(member), "--rpc", ledger.Rpc];

    private static Func<JsonElement, int> Number(string property) => element => element.GetProperty(property).GetInt32();

    private static Task<QfResult> RunAsync(IEnumerable<string> arguments) => QfRun.ToEndAsync(arguments.Prepend("ledger"));

    private static async Task<JsonElement> JsonAsync(IEnumerable<string> arguments) => JsonElement.Parse((await RunAsync(arguments.Append("--json"))).Ended(0).Output);

    private async Task FailsAsync(int exitCode, string expected, string[] arguments)
    {
        await ledger.RunningAsync();
        QfResult run = (await RunAsync(arguments.Select(argument => argument switch
        {
            "NORTH" => ledger.Settings("north"),
            "AGREEMENT" => ledger.Agreement,
            "RPC" => ledger.Rpc,
            _ => argument,
        }))).Ended(exitCode);
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("qf: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }
}
