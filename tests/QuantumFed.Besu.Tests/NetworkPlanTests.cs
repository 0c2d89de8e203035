using System.Net;

namespace QuantumFed.Besu.Tests;

public sealed class NetworkPlanTests
{
    [Theory]
    [InlineData(0, "", null, 30, "1 to 100 validators, not 0")]
    [InlineData(101, "", null, 30, "1 to 100 validators, not 101")]
    [InlineData(-1, "", null, 30, "1 to 100 validators")]
    [InlineData(4, "10.0.0.1 10.0.0.2", null, 30, "2 hosts for 4 validators")]
    [InlineData(1, "10.0.0.1 10.0.0.2", null, 30, "2 hosts for 1 validators")]
    [InlineData(1, "0.0.0.0", null, 30, "not 0.0.0.0")]
    [InlineData(1, "224.0.0.1", null, 30, "not 224.0.0.1")]
    [InlineData(1, "255.255.255.255", null, 30, "not 255.255.255.255")]
    [InlineData(1, "::1", null, 30, "not ::1")]
    [InlineData(2, "127.0.0.1 10.0.0.2", null, 30, "loopback")]
    [InlineData(1, "", 0UL, 30, "A chain id is 1 to 9007199254740771, not 0")]
    [InlineData(1, "", 9_007_199_254_740_772UL, 30, "A chain id is 1 to")]
    [InlineData(1, "", null, 0, "1 to 3650 days, not 0")]
    [InlineData(1, "", null, 3651, "1 to 3650 days, not 3651")]
    public void What_does_not_fit_is_named(int validators, string hosts, ulong? chainId, int days, string said)
    {
        IPAddress[] addresses = [.. hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        Assert.False(NetworkPlan.TryCreate(validators, addresses, [], chainId, null, [], days, out NetworkPlan? plan, out string? failure));
        Assert.Null(plan);
        Assert.Contains(said, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(7, 2)]
    [InlineData(100, 33)]
    public void A_network_tolerates_a_third_of_its_validators(int validators, int faults) => Assert.Equal(faults, Sample.Plan(validators).ToleratedFaults);

    [Theory]
    [InlineData(null)]
    [InlineData("10.8.0.9")]
    [InlineData("127.0.0.1")]
    public void Validators_on_a_machine_have_addresses_and_ports_of_their_own(string? host)
    {
        NetworkPlan plan = Sample.Plan(100, host is null ? null : [host]);
        Assert.Equal(100, plan.Places.Select(place => (place.Host, place.PeerPort)).Distinct().Count());
        Assert.Equal(300, plan.Places.SelectMany(place => new[] { place.PeerPort, place.RpcPort, place.MetricsPort }).Distinct().Count());
        Assert.Equal(host is null, plan.OnOneMachine);
        Assert.Equal((30303, 8545, 9545), (plan.Places[0].PeerPort, plan.Places[0].RpcPort, plan.Places[0].MetricsPort));
    }

    [Fact]
    public void Ports_differ_only_where_machines_are_shared()
    {
        NetworkPlan plan = Sample.Plan(5, NetworkFixture.Hosts);
        Assert.Equal(NetworkFixture.Hosts, plan.Places.Select(place => place.Host.ToString()));
        Assert.Equal([30303, 30303, 30303, 30304, 30303], plan.Places.Select(place => place.PeerPort));
    }

    [Fact]
    public void Accounts_are_ascending_and_distinct()
    {
        NetworkPlan plan = Sample.Plan(1, accounts: [.. Sample.Accounts, .. Sample.Accounts]);
        Assert.Equal(Sample.Accounts.Order(), plan.Accounts);
    }

    [Fact]
    public void Own_keys_are_one_for_each_validator_and_different()
    {
        using NodeKey key = NodeKey.Generate();
        IPAddress[] hosts = [IPAddress.Parse("10.8.0.1"), IPAddress.Parse("10.8.0.2")];
        Assert.False(NetworkPlan.TryCreate(2, hosts, [key.PublicKey, key.PublicKey], null, null, [], 30, out _, out string? failure));
        Assert.Equal("Two validators have the same key.", failure);
        Assert.False(NetworkPlan.TryCreate(4, hosts[..1], [key.PublicKey], null, null, [], 30, out _, out failure));
        Assert.Equal("There are 1 keys for 4 validators; a validator's own key stands behind its own host.", failure);
        Assert.Equal([null, key.PublicKey], Sample.Plan(2, ["10.8.0.1", "10.8.0.2"], ownKeys: [null, key.PublicKey]).Places.Select(place => place.OwnKey));
    }
}
