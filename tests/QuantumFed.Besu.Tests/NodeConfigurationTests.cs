namespace QuantumFed.Besu.Tests;

public sealed class NodeConfigurationTests(NetworkFixture fixture)
{
    // The options used here, and their kinds, as Besu's documentation names them; in Besu, one it does not know keeps the node from starting.
    private static readonly Dictionary<string, Type> Documented = new()
    {
        ["data-path"] = typeof(string), ["node-private-key-file"] = typeof(string), ["identity"] = typeof(string), ["genesis-file"] = typeof(string), ["network-id"] = typeof(long),
        ["sync-mode"] = typeof(string), ["data-storage-format"] = typeof(string), ["min-gas-price"] = typeof(long), ["tx-pool"] = typeof(string),
        ["tx-pool-limit-by-account-percentage"] = typeof(double), ["nat-method"] = typeof(string), ["p2p-host"] = typeof(string), ["p2p-interface"] = typeof(string),
        ["p2p-port"] = typeof(long), ["discovery-enabled"] = typeof(bool), ["static-nodes-file"] = typeof(string), ["max-peers"] = typeof(long),
        ["remote-connections-limit-enabled"] = typeof(bool), ["permissions-nodes-config-file-enabled"] = typeof(bool), ["permissions-nodes-config-file"] = typeof(string),
        ["permissions-accounts-config-file-enabled"] = typeof(bool), ["permissions-accounts-config-file"] = typeof(string), ["rpc-http-enabled"] = typeof(bool),
        ["rpc-http-host"] = typeof(string), ["rpc-http-port"] = typeof(long), ["rpc-http-api"] = typeof(string[]), ["host-allowlist"] = typeof(string[]),
        ["rpc-http-tls-enabled"] = typeof(bool), ["rpc-http-tls-keystore-file"] = typeof(string), ["rpc-http-tls-keystore-password-file"] = typeof(string),
        ["rpc-http-tls-protocols"] = typeof(string[]), ["rpc-http-authentication-enabled"] = typeof(bool), ["rpc-http-authentication-jwt-public-key-file"] = typeof(string),
        ["rpc-http-authentication-jwt-algorithm"] = typeof(string), ["metrics-enabled"] = typeof(bool), ["metrics-host"] = typeof(string), ["metrics-port"] = typeof(long),
    };

    [Fact]
    public void Every_option_is_one_of_Besus_and_of_its_kind() => AllKnown(Documented);

    [Fact]
    public void Every_option_is_in_Besus_list_of_all_options_and_of_its_kind() =>
        AllKnown(Toml.Parse(SharedVectors.Read(SharedVectors.Application + "everything_config.toml")).ToDictionary(option => option.Key, option => option.Value.GetType()));

    [Fact]
    public void Gas_is_free_proofs_are_kept_and_only_named_peers_and_accounts_are_let_in()
    {
        ForEach((options, place, network) =>
        {
            Assert.Equal(0L, options["min-gas-price"]);
            Assert.Equal("FOREST", options["data-storage-format"]);
            Assert.Equal(false, options["discovery-enabled"]);
            Assert.Equal(true, options["permissions-nodes-config-file-enabled"]);
            Assert.Equal(true, options["permissions-accounts-config-file-enabled"]);
            Assert.True((long)options["max-peers"] >= network.Plan.Places.Length);
            Assert.Equal((long)network.Plan.ChainId, options["network-id"]);
            Assert.Equal(place.Host.ToString(), options["p2p-host"]);
            Assert.Equal((long)place.PeerPort, options["p2p-port"]);
        });
    }

    [Fact]
    public void JSON_RPC_asks_for_TLS_and_a_token()
    {
        ForEach((options, place, _) =>
        {
            Assert.Equal(true, options["rpc-http-tls-enabled"]);
            Assert.Equal(true, options["rpc-http-authentication-enabled"]);
            Assert.DoesNotContain("*", (string[])options["host-allowlist"]);
            Assert.Contains(place.Host.ToString(), (string[])options["host-allowlist"]);
            Assert.Contains(place.Name, (string[])options["host-allowlist"]);
            // What a token permits, the node must serve.
            Assert.Equal(
                RpcTokenIssuer.OperatorPermissions.Select(permission => permission.Split(':')[0].ToUpperInvariant()).Order(StringComparer.Ordinal),
                ((string[])options["rpc-http-api"]).Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void Files_that_are_named_are_there()
    {
        ForEach((options, place, network) =>
        {
            string[] files = [.. options.Values.OfType<string>().Where(value => value.StartsWith(NodeFolder, StringComparison.Ordinal)).Select(value => place.Name + "/" + value[NodeFolder.Length..])];
            Assert.Equal(7, files.Length);
            Assert.All(files, file => Assert.Single(network.Files, written => written.Path == file));
        });
    }

    [Fact]
    public void On_many_machines_nothing_listens_on_other_addresses_than_the_peers()
    {
        foreach (ValidatorPlace place in fixture.ManyMachines.Plan.Places)
        {
            Dictionary<string, object> options = Toml.Parse(fixture.ManyMachines.Text(place.Name + "/config.toml"));
            Assert.Equal([place.Host.ToString(), place.Host.ToString(), "127.0.0.1"], [options["p2p-interface"], options["rpc-http-host"], options["metrics-host"]]);
        }
    }

    private const string NodeFolder = "/validator/";

    private void AllKnown(Dictionary<string, Type> known) => ForEach((options, _, _) => Assert.All(options, option =>
    {
        Assert.True(known.TryGetValue(option.Key, out Type? kind), $"{option.Key} is no option of Besu's");
        Assert.Equal(kind, option.Value.GetType());
    }));

    private void ForEach(Action<Dictionary<string, object>, ValidatorPlace, BesuNetwork> check)
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            foreach (ValidatorPlace place in network.Plan.Places)
                check(Toml.Parse(network.Text(place.Name + "/config.toml")), place, network);
        }
    }
}
