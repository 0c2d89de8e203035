using System.Net;
using System.Text.Json;

namespace QuantumFed.Besu.Tests;

public sealed class PermissionsFileTests(NetworkFixture fixture)
{
    [Theory]
    [InlineData(SharedVectors.Application + "permissioning_config.toml", 2, 1)]
    [InlineData(SharedVectors.Permissioning + "permissioning_config.toml", 2, 1)]
    [InlineData(SharedVectors.Permissioning + "permissioning_config_empty_allowlists.toml", 0, 0)]
    [InlineData(SharedVectors.Permissioning + "permissioning_config_account_allowlist_only.toml", null, 1)]
    [InlineData(SharedVectors.Permissioning + "permissioning_config_node_allowlist_only.toml", 1, null)]
    [InlineData(SharedVectors.Permissioning + "permissioning_config_node_allowlist_only_multiline.toml", 5, null)]
    public void The_tests_own_parser_reads_Besus_valid_files(string file, int? nodes, int? accounts)
    {
        PermissionsToml read = PermissionsToml.Parse(SharedVectors.Read(file), nodes is not null, accounts is not null);
        Assert.Equal((nodes, accounts), (read.Nodes?.Length, read.Accounts?.Length));
        if (nodes is null || accounts is null)
            Assert.Throws<FormatException>(() => PermissionsToml.Parse(SharedVectors.Read(file)));
    }

    [Theory]
    [InlineData("permissioning_config_absent_allowlists.toml")]
    [InlineData("permissioning_config_invalid_account.toml")]
    [InlineData("permissioning_config_invalid_enode.toml")]
    [InlineData("permissioning_config_unrecognized_key.toml")]
    public void The_tests_own_parser_refuses_Besus_invalid_files(string file)
    {
        string text = SharedVectors.Read(SharedVectors.Permissioning + file);
        foreach ((bool nodes, bool accounts) in new[] { (true, true), (true, false), (false, true) })
            Assert.Throws<FormatException>(() => PermissionsToml.Parse(text, nodes, accounts));
    }

    [Fact]
    public void The_tests_own_parser_takes_names_only_where_they_are_enabled()
    {
        string text = SharedVectors.Read(SharedVectors.Permissioning + "permissioning_config_node_allowlist_with_dns.toml");
        Assert.Throws<FormatException>(() => PermissionsToml.Parse(text, accounts: false));
        Assert.Equal(1, PermissionsToml.Parse(text, accounts: false, names: true).Nodes?.Length);
    }

    [Fact]
    public void Every_validator_lets_in_every_node_and_the_same_accounts()
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            string first = network.Text("validator-1/permissions_config.toml");
            PermissionsToml read = PermissionsToml.Parse(first);
            Assert.Equal(network.Plan.Places.Select(network.EnodeOf), read.Nodes);
            Assert.Equal(Sample.Accounts.Order().Select(account => account.ToString()), read.Accounts);
            Assert.All(network.Plan.Places, place => Assert.Equal(first, network.Text(place.Name + "/permissions_config.toml")));
        }
    }

    [Fact]
    public void Without_accounts_nobody_may_send()
    {
        using BesuNetwork network = BesuNetwork.Create(Sample.Plan(1), Sample.Now, TestContext.Current.CancellationToken);
        Assert.Equal(0, PermissionsToml.Parse(network.Text("validator-1/permissions_config.toml")).Accounts?.Length);
    }

    [Fact]
    public void A_validator_connects_to_all_others()
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            Assert.All(network.Plan.Places, place => Assert.Equal(
                network.Plan.Places.Where(other => other != place).Select(network.EnodeOf),
                JsonSerializer.Deserialize<string[]>(network.Bytes(place.Name + "/static-nodes.json"))!));
        }
    }

    [Theory]
    [InlineData(63, "10.0.0.1", 30303)]
    [InlineData(64, "::1", 30303)]
    [InlineData(64, "10.0.0.1", 0)]
    [InlineData(64, "10.0.0.1", 65536)]
    public void An_enode_URL_of_anything_else_is_a_mistake(int keySize, string host, int port) =>
        Assert.Throws<ArgumentException>(() => new EnodeUrl(new byte[keySize], IPAddress.Parse(host), port));
}
