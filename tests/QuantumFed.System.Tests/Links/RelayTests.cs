using System.Globalization;
using QuantumFed.Cli;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.System.Tests;

/// <summary>A route of two simulated links over a trusted node, each link and each node of the route in a process of its own.</summary>
public sealed class RelayTests : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<int> _ports = DemoNetwork.FreePorts(10);

    [Fact]
    public async Task Keys_come_over_a_trusted_node_are_the_same_at_both_ends_and_their_path_is_told()
    {
        Requires.Launcher();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Found();
        await using QfRun first = QfRun.Start(["qkd", "run", "--link", _folder.At("first", LinkFounder.SettingsName)]);
        await using QfRun second = QfRun.Start(["qkd", "run", "--link", _folder.At("second", LinkFounder.SettingsName)]);
        await first.LineAsync("Delivered", cancellation);
        await second.LineAsync("Delivered", cancellation);
        await using QfRun west = QfRun.Start(["qkd", "relay", "--route", _folder.At("route.json"), "--node", "relay-west"]);
        await using QfRun middle = QfRun.Start(["qkd", "relay", "--route", _folder.At("route.json"), "--node", "relay-middle"]);
        await using QfRun east = QfRun.Start(["qkd", "relay", "--route", _folder.At("route.json"), "--node", "relay-east"]);
        Assert.Contains("relay-east > relay-middle > relay-west", await east.LineAsync("serves keys", cancellation), StringComparison.Ordinal);
        Assert.Contains("learns every key", await middle.LineAsync("trusted node", cancellation), StringComparison.Ordinal);
        await west.LineAsync("serves keys", cancellation);

        using NodeIdentity alice = NodeIdentity.Load(_folder.At("alice"), TimeProvider.System), bob = NodeIdentity.Load(_folder.At("bob"), TimeProvider.System);
        using EtsiKeySource atEast = EtsiKeySource.Create(At(8), alice, MemberId.Parse("relay-east")), atWest = EtsiKeySource.Create(At(9), bob, MemberId.Parse("relay-west"));
        var seen = new HashSet<string>();
        for (int i = 0; i < 3; i++)
        {
            using QuantumKey key = await ObtainAsync(atEast, bob.Name, cancellation);
            using QuantumKey same = await atWest.RetrieveAsync(alice.Name, key.Id, cancellation);
            string bytes = Convert.ToHexString(key.Take());
            Assert.Equal(bytes, Convert.ToHexString(same.Take()));
            Assert.True(seen.Add(bytes));
        }
        // The other way round: the end that does not allot is the master.
        using QuantumKey back = await ObtainAsync(atWest, alice.Name, cancellation);
        using QuantumKey there = await atEast.RetrieveAsync(bob.Name, back.Id, cancellation);
        Assert.Equal(Convert.ToHexString(back.Take()), Convert.ToHexString(there.Take()));

        await Assert.ThrowsAsync<QuantumKeyException>(() => atWest.RetrieveAsync(alice.Name, back.Id, cancellation));
    }

    [Fact]
    public async Task A_route_without_its_trusted_node_delivers_nothing_and_says_why()
    {
        Requires.Launcher();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Found();
        await using QfRun west = QfRun.Start(["qkd", "relay", "--route", _folder.At("route.json"), "--node", "relay-west"]);
        await west.LineAsync("serves keys", cancellation);
        await using QfRun east = QfRun.Start(["qkd", "relay", "--route", _folder.At("route.json"), "--node", "relay-east"]);
        Assert.Contains("relay-middle", await east.LineAsync("no key gets over the route", cancellation), StringComparison.Ordinal);
        using NodeIdentity alice = NodeIdentity.Load(_folder.At("alice"), TimeProvider.System);
        using EtsiKeySource atEast = EtsiKeySource.Create(At(8), alice, MemberId.Parse("relay-east"));
        QuantumKeyException none = await Assert.ThrowsAsync<QuantumKeyException>(() => atEast.ObtainAsync(MemberId.Parse("bob"), cancellation));
        Assert.Contains(none.Failure, new[] { LinkFailure.LinkAlarm, LinkFailure.NoneAvailable });
    }

    [Fact]
    public async Task A_node_that_is_not_on_the_route_is_told_in_a_sentence()
    {
        Requires.Launcher();
        Found();
        QfResult result = await QfRun.ToEndAsync(["qkd", "relay", "--route", _folder.At("route.json"), "--node", "nobody"]);
        Assert.Equal((int)ExitCode.Settings, result.ExitCode);
        Assert.Contains("there is no node 'nobody' on the route relay-east > relay-middle > relay-west", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    // The end that does not allot may have to wait until both ends have compared their pools.
    private static async Task<QuantumKey> ObtainAsync(EtsiKeySource source, MemberId slave, CancellationToken cancellation)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await source.ObtainAsync(slave, cancellation);
            }
            catch (QuantumKeyException none) when (attempt < 3000 && none.Failure is LinkFailure.NoneAvailable or LinkFailure.LinkAlarm)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }

    private void Found()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("relay test", Lifetime, TimeProvider.System);
        Link("first", 0, "kme-1a", "kme-1b", "relay-east", "relay-middle", authority);
        Link("second", 3, "kme-2a", "kme-2b", "relay-middle", "relay-west", authority);
        foreach (string name in (string[])["relay-east", "relay-middle", "relay-west", "alice", "bob"])
        {
            using NodeIdentity identity = authority.IssueServer(MemberId.Parse(name), ["localhost"], Lifetime);
            identity.Save(_folder.At(name));
        }
        SettingsFile.Write(_folder.At("route.json"), new RelaySettings("east-west",
        [
            new RelayNodeSettings("relay-east", "relay-east", After: new KeyManagerSettings(At(0), "kme-1a"), Serve: Local(8), Applications: ["alice"]),
            new RelayNodeSettings("relay-middle", "relay-middle", Local(6), Local(6), new KeyManagerSettings(At(1), "kme-1b"), new KeyManagerSettings(At(3), "kme-2a")),
            new RelayNodeSettings("relay-west", "relay-west", Local(7), Local(7), new KeyManagerSettings(At(4), "kme-2b"), Serve: Local(9), Applications: ["bob"]),
        ], 128));
    }

    private void Link(string name, int port, string transmitter, string receiver, string from, string to, CertificateAuthority authority) => LinkFounder.Create(
        _folder.At(name),
        new LinkSettings(
            name, new FibreSettings(10, 5e8), new LinkEndSettings(transmitter, "a", Local(port), [from]), new LinkEndSettings(receiver, "b", Local(port + 1), [to]),
            Local(port + 2), Local(port + 2), 1024),
        authority, Lifetime);

    private Uri At(int port) => new($"https://{Local(port)}");

    private string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[port]}");
}
