using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>Nodes of a route over TLS, with links in memory: what gets over, and what no node passes on.</summary>
public sealed class RelayNodeTests : IAsyncDisposable
{
    private static readonly MemberId[] Names = [MemberId.Parse("east"), MemberId.Parse("middle"), MemberId.Parse("west")];
    private readonly RelayRoute _route = new("east-west", Names);
    private readonly NodeIdentity[] _identities;
    private readonly MemoryLink _first = new(), _second = new();
    private readonly List<(ulong Block, byte[] Key, string Path)> _arrived = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly List<Task> _serving = [];

    public RelayNodeTests()
    {
        Requires.PostQuantum();
        _identities = [.. Names.Select(name => Consortium.Authority.IssueServer(name, ["localhost"], TimeSpan.FromHours(1)))];
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_comes_to_the_last_node_as_the_first_made_it_with_every_node_that_knows_it()
    {
        RelayNode east = await StartAsync();
        for (ulong block = 0; block < 3; block++)
        {
            byte[] key = RandomNumberGenerator.GetBytes(RelayNode.BlockSizeInBytes);
            await east.SendAsync(block, key, Token);
            Assert.Equal((block, Convert.ToHexString(key), "east > middle"), (_arrived[^1].Block, Convert.ToHexString(_arrived[^1].Key), _arrived[^1].Path));
        }
        Assert.Equal((3, 3), (_first.Taken, _second.Taken));
    }

    [Fact]
    public async Task A_hop_that_was_changed_said_again_or_not_sealed_by_the_node_before_is_refused_and_nothing_arrives()
    {
        await StartAsync();
        byte[] key = RandomNumberGenerator.GetBytes(RelayNode.BlockSizeInBytes);
        RelayPath path = RelayPath.From(RelayNodeName.Parse("east"));
        byte[] good = await SealedAsync(7, path, key);
        byte[] changed = (byte[])good.Clone();
        changed[^20] ^= 1;
        Assert.Contains("not sealed so", await SayAsync(changed), StringComparison.Ordinal);
        // Its key is used up.
        Assert.Contains("does not know that key", await SayAsync(good), StringComparison.Ordinal);
        Assert.Contains("no key on its way", await SayAsync([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("not sealed so", await SayAsync(await SealedAsync(7, RelayPath.From(RelayNodeName.Parse("west")), key)), StringComparison.Ordinal);
        Assert.Contains("another block", await SayAsync(await SealedAsync(8, path, key, id: 9)), StringComparison.Ordinal);
        Assert.True(RelayPath.From(RelayNodeName.Parse("stranger")).TryExtend(RelayNodeName.Parse("east"), out RelayPath? longer));
        Assert.Contains("came over stranger > east", await SayAsync(await SealedAsync(7, longer, key)), StringComparison.Ordinal);
        Assert.Empty(_arrived);
        Assert.Equal("", await SayAsync(await SealedAsync(7, path, key)));
        Assert.Single(_arrived);
    }

    [Fact]
    public async Task Only_the_node_before_is_heard()
    {
        await StartAsync();
        await using MessageConnection stranger = await MessageConnection.DialAsync(
            "127.0.0.1", _middlePort, _identities[2], Names[1], RelayProtocols.Hop, TimeProvider.System, Token);
        await Assert.ThrowsAsync<MessageConnectionException>(async () => await stranger.ReceiveAsync(Token));
    }

    [Fact]
    public async Task A_node_that_is_away_or_refuses_is_named_and_the_next_key_gets_over_again()
    {
        RelayNode east = await StartAsync();
        byte[] key = RandomNumberGenerator.GetBytes(RelayNode.BlockSizeInBytes);
        _refuse = true;
        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => east.SendAsync(0, key, Token));
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        _refuse = false;
        await east.SendAsync(1, key, Token);
        Assert.Equal(1UL, Assert.Single(_arrived).Block);
    }

    [Fact]
    public void A_node_takes_only_the_neighbours_that_its_route_gives_it()
    {
        var west = new RelayNeighbour(Names[2], "127.0.0.1", 1, _second);
        Assert.Throws<ArgumentException>(() => New(0, west, null));
        Assert.Throws<ArgumentException>(() => New(0, null, null));
        Assert.Throws<ArgumentException>(() => New(1, west, null));
        Assert.Throws<ArgumentException>(() => New(2, west, _second));
        Assert.Throws<ArgumentException>(() => new RelayRoute("short", Names[..2]));
        Assert.Throws<ArgumentException>(() => new RelayRoute("twice", [Names[0], Names[1], Names[0]]));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (IAsyncDisposable part in _parts)
            await part.DisposeAsync();
        await Task.WhenAll(_serving).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (NodeIdentity identity in _identities)
            identity.Dispose();
        _stop.Dispose();
    }

    private int _middlePort;
    private bool _refuse;

    private RelayNode New(int at, RelayNeighbour? next, IQuantumKeySource? previous) => new(_route, _identities[at], next, previous, TimeProvider.System, NullLogger.Instance);

    private async Task<RelayNode> StartAsync()
    {
        RelayNode west = New(2, null, _second);
        int westPort = await ListenAsync(west, 2, (block, relayed) =>
        {
            if (_refuse)
                throw new KeyStoreException("the disk is full");
            _arrived.Add((block, relayed.Key.ToArray(), relayed.Path.ToString()));
        });
        RelayNode middle = New(1, new RelayNeighbour(Names[2], "127.0.0.1", westPort, _second), _first);
        _middlePort = await ListenAsync(middle, 1, null);
        RelayNode east = New(0, new RelayNeighbour(Names[1], "127.0.0.1", _middlePort, _first), null);
        _parts.AddRange([east, middle, west]);
        return east;
    }

    private async Task<int> ListenAsync(RelayNode node, int at, Action<ulong, RelayedKey>? arrived)
    {
        MessageListener listener = await MessageListener.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), _identities[at], RelayProtocols.All, NullLoggerFactory.Instance, TimeProvider.System, Token);
        _parts.Add(listener);
        _serving.Add(ServeAsync());
        return listener.EndPoint.Port;

        async Task ServeAsync()
        {
            while (true)
                _serving.Add(ServeOneAsync(await listener.AcceptAsync(_stop.Token)));
        }

        async Task ServeOneAsync(MessageConnection connection)
        {
            await using (connection)
                await node.ServeAsync(connection, arrived, _stop.Token);
        }
    }

    // What the first node would send, made by hand.
    private async Task<byte[]> SealedAsync(ulong block, RelayPath path, byte[] key, ulong? id = null)
    {
        using QuantumKey pad = await _first.ObtainAsync(Names[1], Token);
        return new RelayHop(pad.Id, block, OneTimePadHop.Seal(pad.Take(), new RelayKeyId(id ?? block), path, key)).ToArray();
    }

    // The middle node's words of refusal; empty if it took it.
    private async Task<string> SayAsync(byte[] message)
    {
        await using MessageConnection connection = await MessageConnection.DialAsync(
            "127.0.0.1", _middlePort, _identities[0], Names[1], RelayProtocols.Hop, TimeProvider.System, Token);
        await connection.SendAsync(message, Token);
        byte[] answer = await connection.ReceiveAsync(Token);
        Assert.Equal(answer.Length == 1 ? 1 : 0, answer[0]);
        return System.Text.Encoding.UTF8.GetString(answer.AsSpan(1));
    }
}
