using System.Text.Json;
using System.Text.RegularExpressions;

namespace QuantumFed.System.Tests;

public sealed partial class DemoTests(FinishedDemo demo)
{
    [Fact]
    public async Task A_demo_ends_with_an_audited_result()
    {
        QfResult run = (await demo.RunsAsync()).Wide.Ended(0);
        Assert.Equal("", run.Error);
        Assert.StartsWith("QuantumFed demo: synthetic hospital readmissions (generated, no real patients)", run.Output, StringComparison.Ordinal);
        // Transactions that arrive together share a block, so their number is not the same in every run.
        int blocks = FinishedDemo.ReportOf(demo.Workspace).GetProperty("ledger").GetProperty("blocks").GetInt32();
        Assert.InRange(blocks, 10, 39);
        Assert.Contains(run.Lines, line => line == $"VERIFIED: 3 rounds replayed from {blocks} archived blocks, bit for bit, with no secret.");
        Assert.Contains(run.Lines, line => line.Contains("development chain: its operator could have rewritten it", StringComparison.Ordinal));
        Assert.Equal($"Report: {demo.Workspace}/report.html, and for programs {demo.Workspace}/report.json", run.Lines[^3]);
        Assert.Equal($"Again, offline: ./qf audit verify --workspace {demo.Workspace}", run.Lines[^2]);
        Match seconds = DoneLine().Match(run.Lines[^1]);
        Assert.True(seconds.Success, run.Lines[^1]);
        TestContext.Current.TestOutputHelper!.WriteLine(run.Lines[^1]);
    }

    [Fact]
    public async Task Output_that_is_no_terminal_has_one_line_an_event_and_no_cursor_codes()
    {
        QfResult run = (await demo.RunsAsync()).Wide.Ended(0);
        Assert.DoesNotContain(run.Output, character => char.IsControl(character) && character != '\n');
        string[] rounds = [.. run.Lines.Where(line => RoundLine().IsMatch(line))];
        Assert.Equal(FinishedDemo.Rounds + 1, rounds.Length);
        foreach (string member in (string[])["north", "riverside", "st-anne", "lakeside"])
            Assert.Single(run.Lines, line => line == $"coordinator  {member} connected.");
    }

    [Fact]
    public async Task A_second_run_into_the_same_folder_replaces_the_first()
    {
        (QfResult narrow, QfResult wide) = await demo.RunsAsync();
        narrow.Ended(0);
        wide.Ended(0);
        // Keys are random whatever the seed, so the first run's agreement is another.
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(demo.NarrowWorkspace, "consortium.json")), File.ReadAllBytes(Path.Combine(demo.Workspace, "consortium.json")));
        Assert.Equal(FinishedDemo.Rounds + 1, Directory.GetFiles(Path.Combine(demo.Workspace, "archive", "rounds")).Length);
    }

    [Fact]
    public async Task A_workspace_holds_every_partys_configuration_keys_and_state()
    {
        string workspace = await demo.WorkspaceAsync();
        string[] parties = ["coordinator", .. Directory.GetDirectories(Path.Combine(workspace, "members")).Select(folder => Path.GetRelativePath(workspace, folder))];
        Assert.Equal(5, parties.Length);
        foreach (string party in parties)
        {
            foreach (string file in (string[])["settings.json", "consortium.json", "account.json", "account.password", "signing.key", "tls.key", "tls.crt", "ca.crt", "state"])
                Assert.True(Path.Exists(Path.Combine(workspace, party, file)), $"{party}/{file}");
            Assert.Equal(File.ReadAllBytes(Path.Combine(workspace, "consortium.json")), File.ReadAllBytes(Path.Combine(workspace, party, "consortium.json")));
        }
        foreach (string path in (string[])["ledger/settings.json", "ledger/account.json", "ledger/account.password", "ledger/state/anvil.json", "consents/coordinator.signed",
            "archive/chain.index", "archive/objects", "workspace.json", "report.json", "report.html", "coordinator/payload.key", "members/north/data/train.csv"])
            Assert.True(Path.Exists(Path.Combine(workspace, path)), path);
    }

    [Fact]
    public async Task Private_files_are_readable_by_their_owner_only()
    {
        string workspace = await demo.WorkspaceAsync();
        string[] keys = [.. ((string[])["*.key", "account.json", "account.password"])
            .SelectMany(pattern => Directory.GetFiles(workspace, pattern, SearchOption.AllDirectories))];
        Assert.Equal(24, keys.Length);
        Assert.All(keys, path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
        Assert.All(
            (string[])["coordinator", "ledger", .. Directory.GetDirectories(Path.Combine(workspace, "members"))],
            folder => Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(workspace, folder))));
    }

    [Fact]
    public async Task A_finished_demo_keeps_no_round_secret()
    {
        string workspace = await demo.WorkspaceAsync();
        // Per-round committee keys and outboxes are erased; the archive has hashes of sealed shares, not the shares.
        foreach (string state in Directory.GetDirectories(Path.Combine(workspace, "members")).Select(member => Path.Combine(member, "state")))
        {
            string[] files = [.. Directory.GetFiles(state, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(state, path))
                .Where(path => !path.StartsWith("objects/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            Assert.Equal(["genesis", "last-block", "openings.journal", "transactions/lock"], files);
        }
    }

    [Fact]
    public async Task A_report_holds_every_documented_field_with_sane_values()
    {
        JsonElement report = FinishedDemo.ReportOf(await demo.WorkspaceAsync());
        Assert.Equal(2, report.GetProperty("version").GetInt32());
        Assert.Equal("synthetic", report.GetProperty("dataset").GetString());
        Assert.True(report.GetProperty("synthetic").GetBoolean());
        Assert.Equal("newton", report.GetProperty("algorithm").GetString());
        JsonElement[] members = [.. report.GetProperty("members").EnumerateArray()];
        Assert.Equal(["north", "riverside", "st-anne", "lakeside"], members.Select(member => member.GetProperty("name").GetString()));
        foreach (JsonElement member in members)
        {
            Assert.InRange(member.GetProperty("trainRows").GetInt32(), 100, 10_000);
            Assert.InRange(member.GetProperty("testRows").GetInt32(), 50, 10_000);
            Assert.All((string[])["localAccuracy", "federatedAccuracy", "federatedAuc"], name => Assert.InRange(member.GetProperty(name).GetDouble(), 0.4, 1));
        }
        double federated = report.GetProperty("federated").GetProperty("auc").GetDouble();
        double pooled = report.GetProperty("pooled").GetProperty("auc").GetDouble();
        // Two Newton steps from zero come within a thousandth of the pooled fit: encryption costs nothing. Nothing beats the generator's best by more than luck.
        Assert.Equal(pooled, federated, 2e-3);
        Assert.InRange(federated, 0.7, report.GetProperty("bestAuc").GetDouble() + 0.02);
        Assert.InRange(report.GetProperty("federated").GetProperty("accuracy").GetDouble(), 0.6, 1);
        Assert.InRange(report.GetProperty("pooled").GetProperty("accuracy").GetDouble(), 0.6, 1);
        Assert.InRange(report.GetProperty("majorityAccuracy").GetDouble(), 0.4, report.GetProperty("federated").GetProperty("accuracy").GetDouble() - 0.01);
    }

    [Fact]
    public async Task A_reports_rounds_are_the_ledgers()
    {
        JsonElement report = FinishedDemo.ReportOf(await demo.WorkspaceAsync());
        JsonElement[] rounds = [.. report.GetProperty("rounds").EnumerateArray()];
        Assert.Equal([0, 1, 2], rounds.Select(round => round.GetProperty("round").GetInt32()));
        var transactions = new HashSet<string>();
        foreach (JsonElement round in rounds)
        {
            Assert.Equal(["lakeside", "north", "riverside", "st-anne"], round.GetProperty("participants").EnumerateArray().Select(name => name.GetString()));
            Assert.InRange(round.GetProperty("seconds").GetDouble(), 0.01, 60);
            Assert.InRange(round.GetProperty("accuracy").GetDouble(), 0, 1);
            Assert.InRange(round.GetProperty("bytesPerMember").GetDouble(), 10_000, 1_000_000);
            Assert.Matches("^[0-9a-f]{64}$", round.GetProperty("modelHash").GetString());
            // Open, four commitments, freeze, close, finalise, four attestations.
            Assert.Equal(12, round.GetProperty("transactions").GetArrayLength());
            Assert.All(round.GetProperty("transactions").EnumerateArray(), transaction =>
            {
                Assert.Matches("^0x[0-9a-f]{64}$", transaction.GetString());
                Assert.True(transactions.Add(transaction.GetString()!), "a transaction is named twice");
            });
        }
        Assert.Equal(3, report.GetProperty("audit").GetProperty("roundsVerified").GetInt32());
        Assert.True(report.GetProperty("audit").GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task A_report_names_the_channel_and_the_lattice_that_were_used()
    {
        JsonElement report = FinishedDemo.ReportOf(await demo.WorkspaceAsync());
        JsonElement channel = report.GetProperty("channel");
        Assert.Equal("TLSv1.3", channel.GetProperty("tlsVersion").GetString());
        Assert.Equal("X25519MLKEM768", channel.GetProperty("group").GetString());
        Assert.Equal("mldsa65", channel.GetProperty("signature").GetString());
        JsonElement lattice = report.GetProperty("lattice");
        Assert.Equal("Z_q[X]/(X^2048 + 1)", lattice.GetProperty("ring").GetString());
        Assert.Equal(49, lattice.GetProperty("modulusBits").GetInt32());
        Assert.InRange(lattice.GetProperty("bitsPerValue").GetInt32(), 8, 40);
        Assert.InRange(lattice.GetProperty("bytesPerParameter").GetDouble(), 1, 50);
    }

    [GeneratedRegex(@"^Done in \d+\.\d s\.$")]
    private static partial Regex DoneLine();

    [GeneratedRegex(@"^coordinator  round  \d  ( )*\d+\.\d\d s .* KiB a member  model [0-9a-f]{12}$")]
    private static partial Regex RoundLine();
}
