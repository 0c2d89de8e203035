using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// One node of a route: seals keys for the next node under a key of their link, opens those of the node before, and passes them on. Links are whatever key managers
/// with ETSI GS QKD 014 give the hops' keys, simulated or not. A node keeps a key only as long as it takes to pass it on. One message at a time each way.
/// </summary>
public sealed partial class RelayNode : IAsyncDisposable
{
    /// <summary>What each hop takes of its link for a block: the pad, and the tag's key.</summary>
    public const int HopKeySizeInBits = 8192;

    /// <summary>The key that a block brings to the two ends.</summary>
    public const int BlockSizeInBytes = HopKeySizeInBits / 8 - OneTimePadHop.TagCostInBits / 8;

    private const byte Accepted = 1, Refused = 0;
    private const int MostAnswerBytes = 512;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RelayRoute _route;
    private readonly NodeIdentity _identity;
    private readonly RelayNeighbour? _next;
    private readonly IQuantumKeySource? _previousKeys;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _sending = new(1);
    private MessageConnection? _connection;

    /// <summary>Makes a node.</summary>
    /// <param name="route">The route.</param>
    /// <param name="identity">This node's identity, whose name is on the route; borrowed.</param>
    /// <param name="next">The next node; null at the last.</param>
    /// <param name="previousKeys">This node's key manager on the link from the node before; null at the first.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to tell.</param>
    /// <exception cref="ArgumentException">The neighbours are not those of the route.</exception>
    public RelayNode(RelayRoute route, NodeIdentity identity, RelayNeighbour? next, IQuantumKeySource? previousKeys, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(identity);
        if (route.After(identity.Name) != next?.Node || (route.Before(identity.Name) is null) != (previousKeys is null))
            throw new ArgumentException($"The neighbours of '{identity.Name}' are not those of the route {route}.", nameof(next));
        (_route, _identity, _next, _previousKeys, _time, _logger) = (route, identity, next, previousKeys, time, logger);
    }

    /// <summary>Sends a key that this node, the route's first, made.</summary>
    /// <param name="block">The block's number at the two ends.</param>
    /// <param name="key"><see cref="BlockSizeInBytes"/> bytes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RelayException">It did not arrive.</exception>
    public Task SendAsync(ulong block, ReadOnlyMemory<byte> key, CancellationToken cancellation) =>
        PassOnAsync(block, new RelayKeyId(block), RelayPath.From(Name(_identity.Name)), key, cancellation);

    /// <summary>Serves the node before over a connection until that is cut.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="arrived">At the last node: keeps a key, durably, before the route's first node is told. Null at the others.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="MessageConnectionException">The connection was cut.</exception>
    public async Task ServeAsync(MessageConnection connection, Action<ulong, RelayedKey>? arrived, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Peer != _route.Before(_identity.Name))
            throw new MessageConnectionException($"'{connection.Peer}' is not the node before '{_identity.Name}' on {_route}.");
        while (true)
        {
            byte[] message = await connection.ReceiveAsync(cancellation).ConfigureAwait(false);
            string? failure = await TakeAsync(connection.Peer, message, arrived, cancellation).ConfigureAwait(false);
            if (failure is not null)
                Log.HopRefused(_logger, _route.Name, connection.Peer, failure);
            byte[] words = failure is null ? [] : Encoding.UTF8.GetBytes(failure);
            await connection.SendAsync((byte[])[failure is null ? Accepted : Refused, .. words.AsSpan(0, Math.Min(words.Length, MostAnswerBytes))], cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _sending.Dispose();
    }

    // Null if the key was kept here or has arrived at the last node.
    private async Task<string?> TakeAsync(MemberId sender, byte[] bytes, Action<ulong, RelayedKey>? arrived, CancellationToken cancellation)
    {
        if (!RelayHop.TryParse(bytes, out RelayHop? hop) || !OneTimePadHop.TryReadKeyBytes(hop.Message, out int size) || size != BlockSizeInBytes)
            return "it is no key on its way";
        try
        {
            using QuantumKey pad = await _previousKeys!.RetrieveAsync(sender, hop.HopKey, cancellation).ConfigureAwait(false);
            if (!OneTimePadHop.TryOpen(pad.Take(), Name(sender), hop.Message, out RelayedKey? opened))
                return "it was not sealed so by the node before";
            using RelayedKey relayed = opened;
            if (relayed.Id != new RelayKeyId(hop.Block) || !relayed.Path.Nodes.SequenceEqual(_route.PathTo(_identity.Name).Select(Name)))
                return $"it came over {relayed.Path}, or is another block than it says";
            Log.KeyPassed(_logger, _route.Name, hop.Block, relayed.Path);
            if (arrived is not null)
                arrived(hop.Block, relayed);
            else if (relayed.Path.TryExtend(Name(_identity.Name), out RelayPath? path))
                await PassOnAsync(hop.Block, relayed, path, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (error is QuantumKeyException or RelayException or KeyStoreException)
        {
            return error.Message;
        }
    }

    private async Task PassOnAsync(ulong block, RelayedKey relayed, RelayPath path, CancellationToken cancellation)
    {
        byte[] key = GC.AllocateUninitializedArray<byte>(relayed.Key.Length, pinned: true);
        try
        {
            relayed.Key.CopyTo(key);
            await PassOnAsync(block, relayed.Id, path, key, cancellation).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private async Task PassOnAsync(ulong block, RelayKeyId id, RelayPath path, ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            // Connected first: a hop's key that is taken is used up.
            _connection ??= await MessageConnection.DialAsync(_next!.Host, _next.Port, _identity, _next.Node, RelayProtocols.Hop, _time, either.Token).ConfigureAwait(false);
            RelayHop hop;
            using (QuantumKey pad = await _next!.Keys.ObtainAsync(_next.Node, either.Token).ConfigureAwait(false))
                hop = pad.SizeInBytes == HopKeySizeInBits / 8
                    ? new RelayHop(pad.Id, block, OneTimePadHop.Seal(pad.Take(), id, path, key.Span))
                    : throw new RelayException($"The link to '{_next.Node}' gave a key of another size than was asked for.");
            await _connection.SendAsync(hop.ToArray(), either.Token).ConfigureAwait(false);
            byte[] answer = await _connection.ReceiveAsync(either.Token).ConfigureAwait(false);
            if (answer is not [Accepted])
                throw new RelayException($"'{_next.Node}' did not take it: {Printable(answer.AsSpan(answer.Length > 0 ? 1 : 0))}");
        }
        catch (Exception error) when (error is MessageConnectionException or QuantumKeyException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await DisconnectAsync().ConfigureAwait(false);
            throw new RelayException(error is OperationCanceledException ? $"'{_next!.Node}' did not answer in time." : error.Message, error);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task DisconnectAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }

    // It ends up in logs, and another party wrote it.
    private static string Printable(ReadOnlySpan<byte> words)
    {
        string text = Encoding.UTF8.GetString(words[..Math.Min(words.Length, MostAnswerBytes)]);
        return string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    private static RelayNodeName Name(MemberId node) => RelayNodeName.Parse(node.Name);

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Debug, "{Route}: block {Block} came over {Path}.")]
        public static partial void KeyPassed(ILogger logger, string route, ulong block, RelayPath path);

        [LoggerMessage(4302, LogLevel.Warning, "{Route}: did not take a key from {Sender}: {Reason}")]
        public static partial void HopRefused(ILogger logger, string route, MemberId sender, string reason);
    }
}
