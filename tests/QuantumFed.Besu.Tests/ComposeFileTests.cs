using YamlDotNet.Serialization;

namespace QuantumFed.Besu.Tests;

public sealed class ComposeFileTests(NetworkFixture fixture)
{
    [Fact]
    public void There_is_a_service_for_each_validator_with_a_pinned_image()
    {
        ForEach((service, place, _) =>
        {
            Assert.Matches(@"^hyperledger/besu:26\.\d+\.\d+$", (string)service["image"]);
            Assert.Equal("1000:1000", service["user"]);
            Assert.Equal("unless-stopped", service["restart"]);
            Assert.Equal(["--config-file=/validator/config.toml"], Texts(service["command"]));
            string probe = Texts(((Dictionary<object, object>)service["healthcheck"])["test"])[^1];
            Assert.EndsWith($"/{place.RpcPort}", probe, StringComparison.Ordinal);
        });
        Assert.All(fixture.Both, network => Assert.Equal(network.Plan.Places.Select(place => place.Name), ServicesOf(network).Keys));
    }

    [Fact]
    public void Only_files_and_folders_that_exist_are_mounted_and_only_data_may_be_written()
    {
        ForEach((service, place, network) =>
        {
            string[][] mounts = [.. Texts(service["volumes"]).Select(volume => volume.Split(':'))];
            Assert.Equal(["/network/genesis.json", "/validator", "/data"], mounts.Select(mount => mount[1]));
            foreach (string[] mount in mounts)
            {
                string source = mount[0][2..];
                Assert.True(network.EmptyFolders.Contains(source) || network.Files.Any(file => file.Path == source || file.Path.StartsWith(source + "/", StringComparison.Ordinal)), source);
                Assert.Equal(mount[1] != "/data", mount is [_, _, "ro"]);
            }
            // The keys that sign tokens and certificates are not for containers.
            Assert.DoesNotContain(mounts, mount => mount[0].StartsWith("./clients", StringComparison.Ordinal) || mount[0].StartsWith("./ca", StringComparison.Ordinal) || mount[0] == ".");
            Assert.Equal($"./{place.Name}", mounts[1][0]);
        });
    }

    [Fact]
    public void JSON_RPC_listens_where_the_options_say()
    {
        ForEach((service, place, network) =>
        {
            Dictionary<string, object> options = Toml.Parse(network.Text(place.Name + "/config.toml"));
            Assert.Equal(options["rpc-http-host"], ((Dictionary<object, object>)service["environment"])["BESU_RPC_HTTP_HOST"]);
        });
    }

    [Fact]
    public void One_machine_publishes_JSON_RPC_on_its_loopback_address_only()
    {
        foreach (ValidatorPlace place in fixture.OneMachine.Plan.Places)
        {
            Dictionary<object, object> service = ServicesOf(fixture.OneMachine)[place.Name];
            Assert.Equal([$"127.0.0.1:{place.RpcPort}:{place.RpcPort}"], Texts(service["ports"]));
            var networks = (Dictionary<object, object>)service["networks"];
            Assert.Equal(place.Host.ToString(), ((Dictionary<object, object>)networks["ledger"])["ipv4_address"]);
        }
        Assert.Contains("subnet: 172.30.26.0/24", fixture.OneMachine.Text("compose.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_machines_use_their_own_networks()
    {
        Assert.All(ServicesOf(fixture.ManyMachines).Values, service => Assert.Equal("host", service["network_mode"]));
        Assert.All(ServicesOf(fixture.ManyMachines).Values, service => Assert.False(service.ContainsKey("ports")));
    }

    private void ForEach(Action<Dictionary<object, object>, ValidatorPlace, BesuNetwork> check)
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            Dictionary<object, Dictionary<object, object>> services = ServicesOf(network);
            foreach (ValidatorPlace place in network.Plan.Places)
                check(services[place.Name], place, network);
        }
    }

    private static Dictionary<object, Dictionary<object, object>> ServicesOf(BesuNetwork network)
    {
        var root = (Dictionary<object, object>)new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize(network.Text("compose.yaml"))!;
        return ((Dictionary<object, object>)root["services"]).ToDictionary(service => service.Key, service => (Dictionary<object, object>)service.Value);
    }

    private static string[] Texts(object list) => [.. ((List<object>)list).Cast<string>()];
}
