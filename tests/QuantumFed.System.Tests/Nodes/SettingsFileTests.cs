using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

public sealed class SettingsFileTests : IDisposable
{
    private const string Member =
        """{ "agreement": "consortium.json", "coordinator": "https://c.example:7443", "ledgerRpc": "http://127.0.0.1:8545", "trainingData": "data/train.csv" }""";

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("settings.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        var settings = new CoordinatorSettings("consortium.json", "0.0.0.0:7443", new Uri("http://127.0.0.1:8545"), "../archive");
        SettingsFile.Write(Path, settings);
        Assert.Equal(settings, SettingsFile.Read<CoordinatorSettings>(Path));
        Assert.Equal(7443, settings.ListenEndPoint.Port);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-7L)]
    public void A_members_training_seed_is_read_and_may_be_missing(long? seed)
    {
        var settings = new MemberSettings("consortium.json", new Uri("https://c.example:7443"), new Uri("http://127.0.0.1:8545"), "train.csv", seed);
        SettingsFile.Write(Path, settings);
        Assert.Equal(settings, SettingsFile.Read<MemberSettings>(Path));
        File.WriteAllText(Path, Member);
        Assert.Null(SettingsFile.Read<MemberSettings>(Path).TrainingSeed);
    }

    [Fact]
    public void Every_failure_is_listed_at_once()
    {
        File.WriteAllText(Path, """{ "agreement": " ", "coordinator": "http://c.example", "ledgerRpc": "ftp://x", "trainingData": "" }""");
        SettingsException failure = Assert.Throws<SettingsException>(() => SettingsFile.Read<MemberSettings>(Path));
        Assert.Equal(4, failure.Failures.Count);
        Assert.All((string[])["agreement", "coordinator", "ledgerRpc", "trainingData"], name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
        Assert.StartsWith(Path, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("localhost:7443")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("")]
    public void An_address_that_cannot_be_served_on_is_refused(string listen) =>
        Assert.Contains(
            new CoordinatorSettings("a", listen, new Uri("http://x"), "b").Failures(), failure => failure.StartsWith("listen", StringComparison.Ordinal));

    [Theory]
    [InlineData("https://c.example:7443/path")]
    [InlineData("https://c.example:7443/?a=b")]
    [InlineData("https://user@c.example:7443")]
    [InlineData("http://c.example:7443")]
    [InlineData("c.example:7443")]
    public void An_address_that_cannot_be_dialled_is_refused(string coordinator) =>
        Assert.Single(new MemberSettings("a", new Uri(coordinator, UriKind.RelativeOrAbsolute), new Uri("http://x"), "b").Failures());

    [Fact]
    public void A_name_and_password_in_the_ledgers_address_are_refused_and_not_repeated()
    {
        File.WriteAllText(Path, Member.Replace("http://", "http://name:secret@", StringComparison.Ordinal));
        SettingsException failure = Assert.Throws<SettingsException>(() => SettingsFile.Read<MemberSettings>(Path));
        Assert.Contains("ledgerRpc", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(129)]
    public void A_depth_that_no_chain_needs_is_refused_and_every_other_read(int confirmations)
    {
        LedgerAccess? Access(int depth)
        {
            File.WriteAllText(Path, Member.Replace("{ ", $$"""{ "ledgerAccess": { "confirmations": {{depth}} }, """, StringComparison.Ordinal));
            return SettingsFile.Read<MemberSettings>(Path).LedgerAccess;
        }
        Assert.Equal([0, 1, 128], ((int[])[0, 1, 128]).Select(depth => Access(depth)!.Confirmations));
        string failure = $"ledgerAccess.confirmations is {confirmations}, not in 0 to 128";
        Assert.Equal([failure], Assert.Throws<SettingsException>(() => Access(confirmations)).Failures);
        var access = new LedgerAccess(Confirmations: confirmations);
        Assert.Equal([failure], new CoordinatorSettings("a", "127.0.0.1:1", new Uri("http://x"), "b", LedgerAccess: access).Failures());
    }

    [Fact]
    public void Null_where_a_list_or_table_should_have_an_entry_is_told()
    {
        File.WriteAllText(Path, """{"agreement":"a","listen":"127.0.0.1:1","ledgerRpc":"http://x","archive":"b","keyManagers":{"north":null}}""");
        Assert.Contains("keyManagers.north", Assert.Throws<SettingsException>(() => SettingsFile.Read<CoordinatorSettings>(Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path, """{"name":"route","nodes":[null,null,null]}""");
        Assert.Contains("nodes", Assert.Throws<SettingsException>(() => SettingsFile.Read<RelaySettings>(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_party_accepts_by_hand_is_read_and_is_nothing_unless_said()
    {
        const string Coordinator = """{"agreement":"a","listen":"127.0.0.1:1","ledgerRpc":"http://x","archive":"b"}""";
        File.WriteAllText(Path, Member);
        Assert.Empty(SettingsFile.Read<MemberSettings>(Path).Accepted.All);
        File.WriteAllText(Path, Coordinator);
        Assert.Empty(SettingsFile.Read<CoordinatorSettings>(Path).Accepted.All);
        string entry = $"3:0x{Digest.Of("execution"u8)}";
        string setting = $$"""{"acceptedProposals": ["{{entry}}"], """;
        File.WriteAllText(Path, setting + Member[1..]);
        Assert.Equal(entry, Assert.Single(SettingsFile.Read<MemberSettings>(Path).Accepted.All).ToString());
        File.WriteAllText(Path, setting + Coordinator[1..]);
        Assert.Equal(entry, Assert.Single(SettingsFile.Read<CoordinatorSettings>(Path).Accepted.All).ToString());
    }

    [Theory]
    [InlineData("\"3:0xHASH\", \"3:0xHASH\"", "proposal 3 is named twice")]
    [InlineData("\"-3:0xHASH\"", "NUMBER:0xHASH")]
    [InlineData("\"3:0xHAS\"", "NUMBER:0xHASH")]
    [InlineData("\"3\"", "NUMBER:0xHASH")]
    [InlineData("null", "NUMBER:0xHASH")]
    public void What_accepts_no_proposal_or_one_twice_is_told(string entries, string failure)
    {
        entries = entries.Replace("HASH", Digest.Of("execution"u8).ToString(), StringComparison.Ordinal);
        File.WriteAllText(Path, $$"""{"acceptedProposals": [{{entries}}], """ + Member[1..]);
        SettingsException refusal = Assert.Throws<SettingsException>(() => SettingsFile.Read<MemberSettings>(Path));
        Assert.StartsWith("acceptedProposals: ", Assert.Single(refusal.Failures), StringComparison.Ordinal);
        Assert.Contains(failure, refusal.Message, StringComparison.Ordinal);
        File.WriteAllText(Path, $$"""{"agreement":"a","listen":"127.0.0.1:1","ledgerRpc":"http://x","archive":"b","acceptedProposals": [{{entries}}]}""");
        Assert.Equal(refusal.Failures, Assert.Throws<SettingsException>(() => SettingsFile.Read<CoordinatorSettings>(Path)).Failures);
    }

    [Fact]
    public void A_path_that_is_none_is_refused() =>
        Assert.Equal(Path, Assert.Throws<SettingsException>(() => new PartyFolder(_folder.Root).Resolve("a\0b")).Path);

    [Theory]
    [InlineData("\"coordinator\"", "\"cordinator\"")] // misspelt
    [InlineData("{ ", "{ \"skipVerification\": true, ")] // unknown
    [InlineData("{ ", "{ \"agreement\": \"other.json\", ")] // twice
    [InlineData("\"data/train.csv\"", "null")]
    [InlineData("\"data/train.csv\"", "7")]
    [InlineData("\"data/train.csv\" }", "\"data/train.csv\"")] // cut short
    [InlineData("\"http://127.0.0.1:8545\"", "\"http://\"")]
    public void A_file_that_is_not_exactly_settings_is_refused(string part, string instead)
    {
        File.WriteAllText(Path, Member);
        SettingsFile.Read<MemberSettings>(Path);
        File.WriteAllText(Path, Member.Replace(part, instead, StringComparison.Ordinal));
        SettingsException failure = Assert.Throws<SettingsException>(() => SettingsFile.Read<MemberSettings>(Path));
        Assert.Equal(Path, failure.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\u0000\u0001")]
    public void A_file_that_holds_something_else_is_refused(string text)
    {
        File.WriteAllText(Path, text);
        Assert.Throws<SettingsException>(() => SettingsFile.Read<MemberSettings>(Path));
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Throws<SettingsException>(() => SettingsFile.Read<LedgerSettings>(_folder.At("nowhere", "settings.json")));
}
