using System.Text.Json;

namespace QuantumFed.System.Tests;

public sealed class NetworkCommandTests
{
    [Fact]
    public async Task A_network_is_written_into_a_new_folder_and_never_over_another()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        string path = folder.At("network");
        string[] command = ["network", "create", "--validators", "3", "--out", path, "--host", "10.8.0.1", "10.8.0.2", "--host", "10.8.0.3", "--json"];
        QfResult run = (await QfRun.ToEndAsync(command)).Ended(0);
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.True(summary.RootElement.GetProperty("generatedNotRun").GetBoolean());
        Assert.Equal(20260, summary.RootElement.GetProperty("chainId").GetInt64());
        foreach (JsonElement validator in summary.RootElement.GetProperty("validators").EnumerateArray())
            Assert.Equal(validator.GetProperty("address").GetString(), await File.ReadAllTextAsync(Path.Combine(path, validator.GetProperty("name").GetString()!, "address"), TestContext.Current.CancellationToken));
        Assert.Contains(run.ErrorLines, line => line.Contains("no fault is tolerated", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.Contains("no account may send transactions yet", StringComparison.Ordinal));

        Dictionary<string, DateTime> before = Written(path);
        QfResult again = (await QfRun.ToEndAsync(command)).Ended(2);
        Assert.Contains("is not an empty folder; it was left as it is", Assert.Single(again.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, Written(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData("--validators 0", "--validators takes a number from 1 to 100, not '0'.")]
    [InlineData("--validators 4 --host ledger.example", "--host takes an IPv4 address, not 'ledger.example'")]
    [InlineData("--validators 4 --host 10.8.0.1 10.8.0.2", "There are 2 hosts for 4 validators")]
    [InlineData("--validators 4 --host 10.1", "--host takes an IPv4 address, not '10.1'")]
    [InlineData("--validators 4 --hosts /dev/null/none", "--hosts: there is no file")]
    [InlineData("--validators 4 --chain-id 0", "--chain-id takes a number from 1 to")]
    [InlineData("--validators 4 --account 0x12", "--account takes 0x and 40 hexadecimal digits, not '0x12'.")]
    [InlineData("--validators 4 --agreement /dev/null/none", "--agreement: there is no file")]
    [InlineData("--validators 4 --token-days 0", "--token-days takes a number from 1 to 3650, not '0'.")]
    [InlineData("--token-days 5", "'--validators' is required.")]
    public async Task Options_that_do_not_fit_are_named_and_nothing_is_written(string options, string message)
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult run = (await QfRun.ToEndAsync(["network", "create", "--out", folder.At("network"), .. options.Split(' ')])).Ended(2);
        Assert.Contains(message, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.False(Path.Exists(folder.At("network")));
    }

    [Fact]
    public async Task An_operator_makes_its_own_key_and_gives_away_the_public_half()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult key = (await QfRun.ToEndAsync(["network", "key", "--out", folder.At("own")])).Ended(0);
        string secret = File.ReadAllText(folder.At("own/key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.At("own/key")));
        Assert.DoesNotContain(secret[2..], key.Output + key.Error, StringComparison.Ordinal);
        File.WriteAllText(folder.At("hosts"), $"10.8.0.1 {key.Output}\n10.8.0.2\n");
        QfResult run = (await QfRun.ToEndAsync(["network", "create", "--validators", "2", "--out", folder.At("network"), "--hosts", folder.At("hosts")])).Ended(0);
        Assert.Contains($"validator-1   {File.ReadAllText(folder.At("own/address"))}  10.8.0.1:30303  key made by its operator\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(["network/validator-2/key"], Directory.GetFiles(folder.At("network"), "key", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Root, file)));
        Assert.Contains("is not an empty folder", (await QfRun.ToEndAsync(["network", "key", "--out", folder.At("own")])).Ended(2).Error, StringComparison.Ordinal);
        Assert.Equal(secret, File.ReadAllText(folder.At("own/key")));
        File.WriteAllText(folder.At("hosts"), $"10.8.0.1\n\n10.8.0.2 {secret}\n");
        QfResult wrong = (await QfRun.ToEndAsync(["network", "create", "--validators", "2", "--out", folder.At("other"), "--hosts", folder.At("hosts")])).Ended(2);
        Assert.EndsWith("line 3 is something else.\n", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[2..], wrong.Error, StringComparison.Ordinal);
        File.WriteAllText(folder.At("hosts"), "\n");
        QfResult none = (await QfRun.ToEndAsync(["network", "create", "--validators", "2", "--out", folder.At("other"), "--hosts", folder.At("hosts")])).Ended(2);
        Assert.Equal("qf: the file of --hosts names no address.\n", none.Error);
    }

    private static Dictionary<string, DateTime> Written(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
}
