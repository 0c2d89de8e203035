using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>The contracts' events in the agreement's names.</summary>
public sealed class LedgerEventTextTests
{
    private static readonly EthereumAddress North = Account(1), Riverside = Account(2), StAnne = Account(3), Stranger = Account(9);

    private static readonly Lazy<LedgerEventText> Made = new(() => new(new PartyDirectory(AgreementFile.Create(
        new FederationId(Digest.Of("federation"u8)),
        new AgreedLedger(31337, Account(201), Account(202), Account(203), DevelopmentChain: true, VotingRules.Default),
        new AgreedCoordinator(MemberId.Parse("coordinator"), Account(200), Key(200), new byte[1184]),
        [Member("north", North, 1), Member("riverside", Riverside, 2), Member("st-anne", StAnne, 3)],
        threshold: 2, minParticipants: 3, toleratedColluders: 0,
        new LearningTask
        {
            Dataset = "synthetic", Method = TrainingMethod.Newton, Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0), Features = ["age"], Magnitudes = [7],
            Standardise = Standardise.Federated, L2 = 1, Rounds = 10, Averaging = null,
        },
        TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30)))));

    public static TheoryData<string, string> EveryEvent { get; } = new(
        from contract in (string[])["ConsortiumRegistry", "RoundLedger"]
        from entry in JsonElement.Parse(File.ReadAllBytes(Path.Combine(TestFiles.RepositoryRoot, "contracts", "artifacts", contract + ".json"))).GetProperty("abi").EnumerateArray()
        where entry.GetProperty("type").GetString() == "event"
        select (entry.GetProperty("name").GetString()!, entry.GetRawText()));

    private static LedgerEventText Text
    {
        get
        {
            Assert.SkipUnless(MLDsa.IsSupported, "an agreement holds ML-DSA keys, which need OpenSSL 3.5 or newer");
            return Made.Value;
        }
    }

    [Theory]
    [MemberData(nameof(EveryEvent))]
    public void Every_event_of_the_contracts_has_a_line_and_its_values_have_names(string name, string abi)
    {
        JsonElement[] inputs = [.. JsonElement.Parse(abi).GetProperty("inputs").EnumerateArray()];
        LedgerEvent told = Event(name, [.. inputs.Select(input => (input.GetProperty("name").GetString()!, Sample(input)))]);
        string line = Text.Of(told);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain(nameof(Object), line, StringComparison.Ordinal);
        JsonElement fields = JsonElement.Parse(JsonSerializer.Serialize(Text.Fields(told)));
        Assert.Equal(inputs.Select(input => input.GetProperty("name").GetString()), fields.EnumerateObject().Select(field => field.Name));
        foreach (JsonElement input in inputs.Where(input => input.GetProperty("type").GetString() == "address"))
            Assert.Equal("north", fields.GetProperty(input.GetProperty("name").GetString()!).GetString());
    }

    [Fact]
    public void A_closed_round_names_who_is_in_the_sum_and_who_is_not_and_why() => Assert.Equal(
        "round 7 closed over north, riverside; st-anne excluded: QuantumLinkDown",
        Text.Of(Event(
            "RoundClosed", ("roundId", 7UL), ("participants", new object[] { Riverside, North }), ("excluded", new object[] { StAnne }), ("reasons", new object[] { 5UL }))));

    [Fact]
    public void Whom_the_agreement_does_not_name_stands_with_its_account() => Assert.Equal(
        $"{Stranger} admitted as regulator, registry version 4", Text.Of(Event("PartyAdmitted", ("account", Stranger), ("role", 3UL), ("version", 4UL))));

    [Fact]
    public void A_proposal_is_told_by_what_it_would_change() => Assert.Equal(
        "proposal 2 made by north: make riverside coordinator, open until 1970-01-02 00:00:00Z",
        Text.Of(Event("ProposalMade", ("proposalId", 2UL), ("proposer", North), ("account", Riverside), ("change", 4UL), ("role", 2UL), ("expires", 86400UL))));

    [Fact]
    public void A_deadline_beyond_the_calendar_is_told_as_its_end() => Assert.Contains(
        "until 9999-12-31", Text.Of(Event("RoundOpened", ("roundId", 0UL), ("registryVersion", 0UL), ("minParticipants", 3UL), ("commitDeadline", ulong.MaxValue))), StringComparison.Ordinal);

    [Fact]
    public void A_number_without_a_word_stays_a_number()
    {
        LedgerEvent told = Event("RoundAbandoned", ("roundId", 1UL), ("by", North), ("reason", 77UL));
        Assert.Equal("round 1 abandoned by north: 77", Text.Of(told));
        Assert.Equal("77", Text.Fields(told)["reason"]);
    }

    [Fact]
    public void An_event_that_the_contracts_do_not_have_is_refused()
    {
        LedgerEventText text = Text;
        Assert.Throws<ArgumentException>(() => text.Of(Event("Transfer", ("value", 1UL))));
    }

    private static LedgerEvent Event(string name, params (string Name, object Value)[] arguments) =>
        new(name, new ChainMark(5, default), default, [.. arguments.Select(argument => KeyValuePair.Create(argument.Name, argument.Value))]);

    // As the ABI's decoder gives them.
    private static object Sample(JsonElement input) => input.GetProperty("type").GetString() switch
    {
        "address" => North,
        "address[]" => new object[] { North, Riverside },
        "uint8[]" => new object[] { 1UL, 2UL },
        "bytes32" => Digest.Of("x"u8),
        "bytes" => new byte[] { 1, 2, 3 },
        "bool" => true,
        "uint256" => new BigInteger(5),
        "tuple" => new object[] { 50UL, 66UL, 3600UL },
        _ => 1UL,
    };

    private static AgreedMember Member(string name, EthereumAddress account, byte key) => new(MemberId.Parse(name), account, Key(key), null);

    private static EthereumAddress Account(byte last) => new([.. new byte[19], last]);

    private static VerificationKey Key(byte seed)
    {
        byte[] encoded = new byte[VerificationKey.SizeInBytes];
        encoded.AsSpan().Fill(seed);
        Assert.True(VerificationKey.TryParse(encoded, out VerificationKey? key));
        return key;
    }
}
