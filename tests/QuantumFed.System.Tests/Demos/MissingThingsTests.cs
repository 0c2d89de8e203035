using System.Net;
using System.Net.Sockets;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

/// <summary>What the machine lacks or has taken is said in one line, with its exit code.</summary>
public sealed class MissingThingsTests(FinishedDemo demo)
{
    [Fact]
    public async Task Without_anvil_the_demo_says_how_to_get_it()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult run = (await QfRun.ToEndAsync(["demo", "--out", folder.At("w")], ("QF_ANVIL", folder.At("no-anvil")))).Ended(1);
        Assert.Matches("^qf: The process of 'ledger' .* ended while the network was starting with exit code 1: qf: There is no anvil: run `npm ci", OneLine(run));
        Assert.Empty(ProcessTable.Naming(folder.Root));
    }

    [Fact]
    public async Task A_ledger_whose_port_is_taken_says_so()
    {
        string workspace = await demo.WorkspaceAsync();
        using TemporaryFolder folder = new();
        string settings = CopyParty(Path.Combine(workspace, "ledger"), folder.At("ledger"));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        SettingsFile.Write(settings, new LedgerSettings("consortium.json", port));
        QfResult run = (await QfRun.ToEndAsync(["ledger", "run", "--settings", settings])).Ended(6);
        Assert.StartsWith($"qf: Port {port} of 127.0.0.1 is not free for the development chain: ", OneLine(run), StringComparison.Ordinal);
        Assert.Empty(ProcessTable.Naming(folder.Root));
    }

    [Theory]
    [InlineData("coordinator", "coordinator")]
    [InlineData("member", "members/north")]
    public async Task Nothing_of_a_real_consortium_is_sent_in_the_clear(string role, string party)
    {
        string workspace = await demo.WorkspaceAsync();
        using TemporaryFolder folder = new();
        string settings = CopyParty(Path.Combine(workspace, party), folder.At("party")), agreement = folder.At("party/consortium.json");
        string text = File.ReadAllText(agreement);
        Assert.Contains("\"developmentChain\": true", text, StringComparison.Ordinal);
        File.WriteAllText(agreement, text.Replace("\"developmentChain\": true", "\"developmentChain\": false", StringComparison.Ordinal));
        QfResult run = (await QfRun.ToEndAsync(["plain", role, "--settings", settings])).Ended(5);
        Assert.Contains("nothing of another may be sent in the clear", OneLine(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_was_moved_away_is_missed_and_found_where_the_environment_says()
    {
        string workspace = await demo.WorkspaceAsync();
        using TemporaryFolder folder = new();
        string settings = CopyParty(Path.Combine(workspace, "members/north"), folder.At("north")), password = folder.At("north", "account.password");
        File.Move(password, folder.At("elsewhere"));
        string[] arguments = ["member", "run", "--settings", settings];
        Assert.StartsWith($"qf: {password}: the password of the ledger account is missing", OneLine((await QfRun.ToEndAsync(arguments)).Ended(5)), StringComparison.Ordinal);
        // The account opens, and what is missing next is the ledger.
        (await QfRun.ToEndAsync(arguments, (AccountPasswordSource.FileVariable, folder.At("elsewhere")))).Ended(6);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        Requires.Launcher();
        // Not even root makes folders there.
        QfResult run = (await QfRun.ToEndAsync(["demo", "--out", "/proc/self/w"])).Ended(1);
        Assert.Contains("/proc/self/w", OneLine(run), StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    internal static string CopyParty(string source, string target)
    {
        // The lock of a journal is the running party's.
        foreach (string path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "lock"))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        return Path.Combine(target, PartyFolder.SettingsName);
    }

    private static string OneLine(QfResult run) => Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
