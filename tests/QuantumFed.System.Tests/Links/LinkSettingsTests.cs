using System.Text.Json.Nodes;
using QuantumFed.Node;
using QuantumFed.Qkd;

namespace QuantumFed.System.Tests;

/// <summary>A link that cannot run says why in one line, with the exit code of its kind; one that runs stops when it is told to.</summary>
public sealed class LinkSettingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("name", "\"\"", "name is empty, longer than 64 characters, or has control characters")]
    [InlineData("fibre.kilometres", "-1", "fibre.kilometres is -1, not 0 to 1000")]
    [InlineData("fibre.pulsesPerBlock", "1000", "fibre.pulsesPerBlock is 1000, not a whole number from 1000000 to")]
    [InlineData("fibre.pulsesPerBlock", "1000000.5", "fibre.pulsesPerBlock is 1000000.5, not a whole number")]
    [InlineData("fibre.eavesdropper", "\"bob\"", "fibre.eavesdropper is 'bob', not one of none, intercept-resend, photon-number-splitting, beam-splitting")]
    [InlineData("fibre.attackedFraction", "1.5", "fibre.attackedFraction is 1.5, not 0 to 1")]
    [InlineData("fibre.seed", "-1", "fibre.seed")]
    [InlineData("transmitter.name", "\"Kme North\"", "transmitter.name is 'Kme North', not a name as certificates of the consortium have it")]
    [InlineData("transmitter.name", "\"kme-coordinator\"", "both ends are called 'kme-coordinator'")]
    [InlineData("receiver.folder", "\" \"", "receiver.folder is empty")]
    [InlineData("receiver.folder", "\"a\\u0000b\"", "receiver.folder")]
    [InlineData("receiver.listen", "\"localhost:80\"", "receiver.listen is 'localhost:80', not an address and port such as 0.0.0.0:7450")]
    [InlineData("receiver.listen", "\"127.0.0.1:0\"", "receiver.listen is '127.0.0.1:0', not an address and port")]
    [InlineData("transmitter.applications", "[]", "transmitter.applications is empty: nobody could take a key")]
    [InlineData("transmitter.applications", "[\"North!\"]", "transmitter.applications has 'North!', which is no party's name")]
    [InlineData("transmitter.applications", "[null]", "transmitter.applications has '', which is no party's name")]
    [InlineData("transmitter.applications", "null", "applications")]
    [InlineData("linkListen", "\"here\"", "linkListen is 'here', not an address and port such as 0.0.0.0:7452")]
    [InlineData("linkAddress", "\"kme.example\"", "linkAddress is 'kme.example', not a host and port such as kme.hospital.example:7452")]
    [InlineData("linkAddress", "\"kme.example:1/x\"", "linkAddress is 'kme.example:1/x', not a host and port")]
    [InlineData("mostKeys", "3", "mostKeys is 3, not 64 to 1000000")]
    [InlineData("mostkeys", "300", "mostkeys")]
    [InlineData("fibre.eve", "\"none\"", "eve")]
    public void A_setting_that_does_not_fit_is_named(string setting, string value, string sentence)
    {
        using TestLink link = new();
        Set(link, setting, value);
        SettingsException refused = Assert.Throws<SettingsException>(() => SettingsFile.Read<LinkSettings>(link.SettingsPath));
        Assert.StartsWith(link.SettingsPath + ": ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Wrong_settings_and_no_settings_end_with_code_5()
    {
        using TestLink link = new();
        Set(link, "mostKeys", "3");
        Set(link, "fibre.kilometres", "-1");
        OneLine(await link.ToEndAsync(TestLink.Both), 5, $"qf: {link.SettingsPath}: fibre.kilometres is -1, not 0 to 1000; mostKeys is 3, not 64 to 1000000");
        File.Delete(link.SettingsPath);
        OneLine(await link.ToEndAsync(TestLink.Both), 5, $"qf: {link.SettingsPath}: ");
    }

    [Theory]
    [InlineData("qkd run", "Option '--link' is required.")]
    [InlineData("qkd run --link", "Required argument missing for option: '--link'.")]
    [InlineData("qkd run --link l.json --end left", "--end takes transmitter, receiver or both, not 'left'.")]
    [InlineData("qkd run --link l.json --end none", "--end takes transmitter, receiver or both, not 'none'.")]
    [InlineData("qkd run --link l.json --end 1", "--end takes transmitter, receiver or both, not '1'.")]
    public async Task A_mistake_on_the_command_line_ends_with_code_2(string arguments, string sentence)
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(arguments.Split(' '))).Ended(2);
        Assert.Contains(sentence, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Help_says_what_a_link_takes_and_names_a_page_that_is_there()
    {
        Requires.Launcher();
        QfResult help = (await QfRun.ToEndAsync(["qkd", "run", "--help"])).Ended(0);
        Assert.All((string[])["--link", "--end", "--json", "--supervised", "transmitter, receiver, or both", "ETSI GS QKD 014"],
            text => Assert.Contains(text, help.Output, StringComparison.Ordinal));
        string page = help.Output.Split((char[])[' ', '\n', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Single(word => word.StartsWith("docs/", StringComparison.Ordinal));
        Assert.Contains("linkListen", File.ReadAllText(Path.Combine(Checkout.Root, page)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_refused()
    {
        using TestLink link = new();
        Set(link, "receiver.name", "\"kme-other\"");
        OneLine(await link.ToEndAsync(TestLink.Receiver), 5, "the certificate in " + link.FolderOf(link.Settings.Receiver) + " is of 'kme-coordinator', the settings say 'kme-other'");
    }

    [Fact]
    public async Task A_folder_without_a_certificate_is_named()
    {
        using TestLink link = new();
        File.Delete(Path.Combine(link.FolderOf(link.Settings.Receiver), "tls.crt"));
        OneLine(await link.ToEndAsync(TestLink.Receiver), 5, Path.Combine(link.FolderOf(link.Settings.Receiver), "tls.crt"));
    }

    [Fact]
    public void A_link_is_founded_with_a_secret_for_many_disturbed_blocks_at_both_ends()
    {
        using TestLink link = new();
        byte[] secret = File.ReadAllBytes(Path.Combine(link.FolderOf(link.Settings.Receiver), LinkFounder.SecretName));
        Assert.Equal(secret, File.ReadAllBytes(Path.Combine(link.FolderOf(link.Settings.Transmitter), LinkFounder.SecretName)));
        Assert.InRange(secret.Length / LinkEndState.LeastInitialBytes, 64, int.MaxValue);
        Assert.True(secret.Distinct().Count() > 200, "The secret is not random.");
        foreach (LinkEndSettings end in (LinkEndSettings[])[link.Settings.Transmitter, link.Settings.Receiver])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(link.FolderOf(end), LinkFounder.SecretName)));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(link.FolderOf(end)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(2_000_000)]
    [InlineData(null)]
    public async Task A_secret_that_is_missing_empty_or_far_too_long_is_told_at_once(int? size)
    {
        using TestLink link = new();
        string secret = Path.Combine(link.FolderOf(link.Settings.Receiver), LinkFounder.SecretName);
        File.Delete(secret);
        if (size is { } bytes)
            File.WriteAllBytes(secret, new byte[bytes]);
        // The other end is not there: nothing of this shows only when it is.
        OneLine(await link.ToEndAsync(TestLink.Receiver), 5, $"qf: {secret}: ");
    }

    [Fact]
    public async Task A_store_of_another_link_or_end_and_a_damaged_one_are_refused()
    {
        using TestLink link = new();
        string store = Path.Combine(link.FolderOf(link.Settings.Receiver), "keys.db"), other = Path.Combine(link.FolderOf(link.Settings.Transmitter), "keys.db");
        await using (QfRun run = link.Start(TestLink.Both))
        {
            await run.LineAsync("bits of key in", Token);
            OneLine(await link.ToEndAsync(TestLink.Receiver), 5, $"qf: {store} is in use by another process");
            run.Signal(ProcessTable.Terminate);
            (await run.EndAsync(Token)).Ended(0);
        }
        byte[] own = File.ReadAllBytes(store);
        File.Copy(other, store, overwrite: true);
        OneLine(await link.ToEndAsync(TestLink.Receiver), 5, $"qf: {store} is the store of 'north-coordinator Transmitter', not of 'north-coordinator Receiver'");
        File.WriteAllBytes(store, own);
        Set(link, "name", "\"north-other\"");
        OneLine(await link.ToEndAsync(TestLink.Receiver), 5, $"qf: {store} is the store of 'north-coordinator Receiver', not of 'north-other Receiver'");
        Set(link, "name", "\"north-coordinator\"");
        foreach (byte[] damaged in (byte[][])["no store at all, but long enough for a header"u8.ToArray(), own[..(own.Length / 2)], [.. own[..200], .. new byte[own.Length - 200]]])
        {
            File.WriteAllBytes(store, damaged);
            OneLine(await link.ToEndAsync(TestLink.Receiver), 5, $"qf: {store} is ");
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_code_1()
    {
        using TestLink link = new();
        await using QfRun run = link.Start(TestLink.Receiver);
        await run.LineAsync("serves keys", Token);
        using TestLink second = new(settings => settings with { LinkListen = link.Settings.LinkListen });
        OneLine(await second.ToEndAsync(TestLink.Receiver), 1, link.Settings.LinkListen);
        using TestLink third = new(settings => settings with { Receiver = settings.Receiver with { Listen = link.Settings.Receiver.Listen } });
        OneLine(await third.ToEndAsync(TestLink.Both), 1, link.Settings.Receiver.Listen);
    }

    [Theory]
    [InlineData(TestLink.Transmitter)]
    [InlineData(TestLink.Receiver)]
    public async Task An_end_that_is_alone_says_so_and_stops_at_once_and_well(string end)
    {
        using TestLink link = new();
        await using QfRun run = link.Start(end);
        await run.LineAsync(end == TestLink.Transmitter ? "not connected to the other end" : "serves keys", Token);
        run.Signal(end == TestLink.Transmitter ? ProcessTable.Terminate : ProcessTable.Interrupt);
        Assert.Equal("", (await run.EndAsync(Token, TimeSpan.FromSeconds(180))).Ended(0).Error);
        Assert.Empty(ProcessTable.Naming(link.Folder));
    }

    [Fact]
    public void A_coordinators_key_manager_that_is_null_or_nonsense_is_named()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("settings.json");
        File.WriteAllText(path, """
            { "agreement": "a", "listen": "127.0.0.1:1", "ledgerRpc": "http://x", "archive": "b",
              "keyManagers": { "north": null, "South": { "address": "http://x", "name": "-" } } }
            """);
        string message = Assert.Throws<SettingsException>(() => SettingsFile.Read<CoordinatorSettings>(path)).Message;
        Assert.All(
            (string[])["keyManagers.north is null", "keyManagers has 'South'", "keyManagers.South.address is 'http://x/'", "keyManagers.South.name is '-'"],
            failure => Assert.Contains(failure, message, StringComparison.Ordinal));
    }

    private static void OneLine(QfResult run, int code, string text) =>
        Assert.Contains(text, Assert.Single(run.Ended(code).ErrorLines), StringComparison.Ordinal);

    private static void Set(TestLink link, string setting, string value)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllText(link.SettingsPath))!.AsObject(), at = root;
        string[] path = setting.Split('.');
        foreach (string part in path[..^1])
            at = at[part]!.AsObject();
        at[path[^1]] = JsonNode.Parse(value);
        File.WriteAllText(link.SettingsPath, root.ToJsonString());
    }
}
