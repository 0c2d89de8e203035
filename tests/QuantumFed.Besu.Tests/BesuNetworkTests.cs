using System.Text;

namespace QuantumFed.Besu.Tests;

public sealed class BesuNetworkTests(NetworkFixture fixture)
{
    private static readonly string[] SecretNames = ["key", "ca.key", "keystore.p12", "keystore.password", "jwt-private.pem", "client.jwt", "operator.jwt"];

    [Fact]
    public void Exactly_keys_passwords_and_tokens_are_secret()
    {
        foreach (BesuNetwork network in fixture.Both)
            Assert.All(network.Files, file => Assert.Equal(SecretNames.Contains(Path.GetFileName(file.Path)), file.IsSecret));
        Assert.Equal(1 + 4 * 6, fixture.OneMachine.Files.Count(file => file.IsSecret));
    }

    [Fact]
    public void No_secret_is_in_a_file_that_is_not_one()
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            string everythingPublic = string.Join('\n', network.Files.Where(file => !file.IsSecret).Select(file => Encoding.UTF8.GetString(file.Content.Span)));
            foreach (NetworkFile secret in network.Files.Where(file => file.IsSecret))
                Assert.All(NeedlesOf(secret), needle => Assert.DoesNotContain(needle, everythingPublic, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void No_two_validators_and_no_two_networks_share_a_secret()
    {
        using BesuNetwork again = BesuNetwork.Create(fixture.OneMachine.Plan, Sample.Now, TestContext.Current.CancellationToken);
        string[] needles = [.. new[] { fixture.OneMachine, fixture.ManyMachines, again }.SelectMany(network => network.Files).Where(file => file.IsSecret).Select(file => NeedlesOf(file).Last())];
        Assert.Equal(needles.Length, needles.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(fixture.OneMachine.Addresses.Intersect(again.Addresses));
        Assert.NotEqual(fixture.OneMachine.Text("genesis.json"), again.Text("genesis.json"));
    }

    [Fact]
    public void A_key_that_an_operator_made_is_in_genesis_and_lists_and_its_secret_nowhere()
    {
        using NodeKey own = NodeKey.Generate();
        using BesuNetwork network = BesuNetwork.Create(
            Sample.Plan(2, ["10.8.0.1", "10.8.0.2"], ownKeys: [null, own.PublicKey]), Sample.Now, TestContext.Current.CancellationToken);
        Assert.Contains(own.PublicKey.Address, network.Validators.Ascending);
        Assert.Equal(own.PublicKey.Address, network.Addresses[1]);
        Assert.Equal(own.PublicKey.ToString(), network.Text("validator-2/key.pub"));
        Assert.Equal(own.PublicKey.Address.ToString(), network.Text("validator-2/address"));
        Assert.Contains(network.EnodeOf(network.Plan.Places[1]), network.Text("validator-1/static-nodes.json"), StringComparison.Ordinal);
        Assert.Equal(["validator-1/key"], network.Files.Select(file => file.Path).Where(path => Path.GetFileName(path) == "key"));
        Assert.Contains("The node key of validator-2 was made by its operator and not here", network.Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_erases_the_secrets()
    {
        BesuNetwork network = BesuNetwork.Create(Sample.Plan(1), Sample.Now, TestContext.Current.CancellationToken);
        network.Dispose();
        Assert.All(network.Files.Where(file => file.IsSecret), file => Assert.True(file.Content.Span.IndexOfAnyExcept((byte)0) < 0, file.Path));
        Assert.All(network.Files.Where(file => !file.IsSecret), file => Assert.True(file.Content.Span.IndexOfAnyExcept((byte)0) >= 0, file.Path));
    }

    [Fact]
    public void A_cancelled_network_is_not_made() =>
        Assert.Throws<OperationCanceledException>(() => BesuNetwork.Create(Sample.Plan(3), Sample.Now, new CancellationToken(canceled: true)));

    [Fact]
    public void A_file_does_not_print_its_content() => Assert.All(fixture.OneMachine.Files, file => Assert.Equal(file.Path, file.ToString()));

    // What would be enough to know a secret: a text's own words; of a token the signature, of PEM a line in the middle, of a keystore its bytes.
    private static string[] NeedlesOf(NetworkFile file)
    {
        string text = Encoding.Latin1.GetString(file.Content.Span);
        return Path.GetExtension(file.Path) switch
        {
            ".jwt" => [text.Split('.')[2]],
            ".pem" or ".key" => [text.Split('\n')[2]],
            ".p12" => [Convert.ToBase64String(file.Content.Span)[40..104], Convert.ToHexStringLower(file.Content.Span)[^100..]],
            _ => [text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text],
        };
    }
}
