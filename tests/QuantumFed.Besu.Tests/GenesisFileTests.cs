using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu.Tests;

public sealed partial class GenesisFileTests(NetworkFixture fixture)
{
    private const string Integration = "consensus/qbft-core/src/integration-test/resources/";

    // Documented items that Besu's examples happen not to use.
    private static readonly string[] WithoutExample = ["config.zeroBaseFee", "config.contractSizeLimit"];

    [Theory]
    [InlineData(SharedVectors.Acceptance + "qbft-london.json", "")]
    [InlineData(SharedVectors.Acceptance + "qbft.json", "")]
    [InlineData(SharedVectors.Acceptance + "qbft-emptyextradata.json", "")]
    [InlineData(SharedVectors.Application + "operator/config_import_keys_qbft.json", "genesis")]
    [InlineData(Integration + "genesis_validator_contract_london.json", "")]
    public void A_field_has_the_form_it_has_in_Besus_examples(string file, string inside)
    {
        Dictionary<string, string> example = FormsIn(SharedVectors.Read(file), inside);
        Dictionary<string, string> own = FormsIn(fixture.OneMachine.Text("genesis.json"), "");
        string[] common = [.. own.Keys.Where(example.ContainsKey)];
        Assert.Superset(
            new HashSet<string> { "nonce", "timestamp", "difficulty", "mixHash", "gasLimit", "coinbase", "number", "gasUsed", "parentHash" },
            common.ToHashSet());
        if (example.Keys.Any(field => field.StartsWith("config.", StringComparison.Ordinal)))
            Assert.Superset(new HashSet<string> { "config.qbft.blockperiodseconds", "config.qbft.epochlength", "config.qbft.requesttimeoutseconds" }, common.ToHashSet());
        Assert.All(common, field => Assert.Equal((field, example[field]), (field, own[field])));
    }

    [Fact]
    public void Every_field_is_in_an_example_of_Besus()
    {
        HashSet<string> known = [.. WithoutExample];
        foreach (string file in new[] { SharedVectors.Acceptance + "qbft-london.json", Integration + "genesis_validator_contract_london.json" })
            known.UnionWith(FormsIn(SharedVectors.Read(file), "").Keys);
        Assert.Empty(FormsIn(fixture.OneMachine.Text("genesis.json"), "").Keys.Except(known, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(FormsIn(SharedVectors.Read(SharedVectors.Acceptance + "qbft-london.json"), "").Keys
            .Except(FormsIn(fixture.OneMachine.Text("genesis.json"), "").Keys).Except(["config.qbft.blockreward"]));
    }

    [Fact]
    public void An_auditor_reads_the_validators_from_it()
    {
        Assert.True(QbftGenesis.TryParse(Encoding.UTF8.GetBytes(fixture.ManyMachines.Text("genesis.json")), out QbftGenesis? genesis, out string? failure), failure);
        Assert.Equal(77UL, genesis.ChainId);
        using JsonDocument json = JsonDocument.Parse(fixture.ManyMachines.Text("genesis.json"));
        Assert.Equal(json.RootElement.GetProperty("extraData").GetString(), "0x" + Convert.ToHexStringLower(genesis.ExtraData.ToArray()));
    }

    [Fact]
    public void The_rules_are_those_of_the_ledgers_design()
    {
        using JsonDocument genesis = JsonDocument.Parse(fixture.ManyMachines.Text("genesis.json"));
        JsonElement config = genesis.RootElement.GetProperty("config"), qbft = config.GetProperty("qbft");
        Assert.Equal(77, config.GetProperty("chainId").GetInt64());
        Assert.Equal((0, 0), (config.GetProperty("berlinBlock").GetInt32(), config.GetProperty("londonBlock").GetInt32()));
        Assert.True(config.GetProperty("zeroBaseFee").GetBoolean());
        Assert.Equal(24_576, config.GetProperty("contractSizeLimit").GetInt32());
        Assert.Equal((2, 30_000, 4), (qbft.GetProperty("blockperiodseconds").GetInt32(), qbft.GetProperty("epochlength").GetInt32(), qbft.GetProperty("requesttimeoutseconds").GetInt32()));
        Assert.Equal("0x1c9c380", genesis.RootElement.GetProperty("gasLimit").GetString());
        Assert.Equal("0x0", genesis.RootElement.GetProperty("baseFeePerGas").GetString());
        Assert.Equal("0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365", genesis.RootElement.GetProperty("mixHash").GetString());
        Assert.Equal(Sample.Now.ToUnixTimeSeconds(), Convert.ToInt64(genesis.RootElement.GetProperty("timestamp").GetString(), 16));
        Assert.Equal(Sample.Accounts.Order().Select(account => account.ToString()[2..]), genesis.RootElement.GetProperty("alloc").EnumerateObject().Select(entry => entry.Name));
        Assert.All(genesis.RootElement.GetProperty("alloc").EnumerateObject(), entry => Assert.Equal("0x0", entry.Value.GetProperty("balance").GetString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Extra_data_names_exactly_the_validators_ascending(int count)
    {
        using BesuNetwork network = BesuNetwork.Create(Sample.Plan(count), Sample.Now, TestContext.Current.CancellationToken);
        using JsonDocument genesis = JsonDocument.Parse(network.Text("genesis.json"));
        Assert.True(QbftExtraData.TryDecode(Convert.FromHexString(genesis.RootElement.GetProperty("extraData").GetString()!.AsSpan(2)), out QbftExtraData? extraData));
        Assert.Equal(network.Plan.Places.Select(place => EthereumAddress.Parse(network.Text(place.Name + "/address"))).Order(), extraData.Validators.Ascending);
        Assert.Equal((0U, null, 0), (extraData.Round, extraData.Vote, extraData.Seals.Length));
        Assert.True(extraData.Vanity.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(network.Validators.Ascending, extraData.Validators.Ascending);
    }

    // Paths of fields, and what kind of value each holds: a number, a flag, a quantity, or bytes of a length.
    private static Dictionary<string, string> FormsIn(string json, string inside)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Dictionary<string, string> forms = new(StringComparer.OrdinalIgnoreCase);
        Add(inside.Length == 0 ? document.RootElement : document.RootElement.GetProperty(inside), "");
        return forms;

        void Add(JsonElement element, string prefix)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Object && property.Name != "alloc")
                    Add(property.Value, prefix + property.Name + ".");
                else
                    forms[prefix + property.Name] = FormOf(property.Name, property.Value);
            }
        }
    }

    private static string FormOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when name.Equals("extraData", StringComparison.OrdinalIgnoreCase) => "bytes",
        JsonValueKind.String when FixedBytes().IsMatch(value.GetString()!) => $"{value.GetString()!.Length / 2 - 1} bytes",
        JsonValueKind.String when Quantity().IsMatch(value.GetString()!) => "quantity",
        JsonValueKind.String => "text",
        JsonValueKind.True or JsonValueKind.False => "flag",
        JsonValueKind kind => kind.ToString(),
    };

    [GeneratedRegex("^0x([0-9a-f]{40}|[0-9a-f]{64})$")]
    private static partial Regex FixedBytes();

    [GeneratedRegex("^0x(0|[1-9a-f][0-9a-f]{0,15})$")]
    private static partial Regex Quantity();
}
