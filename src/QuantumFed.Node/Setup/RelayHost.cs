using System.Net;
using Microsoft.Extensions.Logging;
using QuantumFed.KeyManagement;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Composes and runs nodes of a route of quantum links: its ends, trusted nodes between them, or all of them.</summary>
public static partial class RelayHost
{
    private static readonly TimeSpan Redial = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="settingsPath">Path of the route's settings, which all nodes have alike.</param>
    /// <param name="node">The node to run, or null for all of them.</param>
    /// <param name="loggers">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SettingsException">Settings or keys do not fit.</exception>
    /// <exception cref="KeyStoreException">A store cannot be used.</exception>
    /// <exception cref="TransportProfileException">This process cannot hold the TLS profile.</exception>
    public static async Task RunAsync(string settingsPath, string? node, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        OpenSslVersion.RequirePostQuantum();
        RelaySettings settings = SettingsFile.Read<RelaySettings>(settingsPath);
        if (node is not null && settings.Nodes.All(known => known.Name != node))
            throw new SettingsException(settingsPath, [$"there is no node '{node}' on the route {string.Join(" > ", settings.Nodes.Select(known => known.Name))}"]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // From the last to the first: who is dialled listens before.
        Task[] running = [.. settings.Nodes.Reverse().Where(known => node is null || known.Name == node)
            .Select(known => RunNodeAsync(settingsPath, settings, known, loggers, time, stop.Token))];
        Task first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await first;
    }

    private static async Task RunNodeAsync(
        string settingsPath, RelaySettings settings, RelayNodeSettings own, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        string folder = Path.GetFullPath(own.Folder, Path.GetDirectoryName(settingsPath)!);
        using NodeIdentity identity = NodeIdentity.Load(folder, time);
        if (identity.Name.Name != own.Name)
            throw new SettingsException(settingsPath, [$"the certificate in {folder} is of '{identity.Name}', the settings say '{own.Name}'"]);
        var route = new RelayRoute(settings.Name, [.. settings.Nodes.Select(node => MemberId.Parse(node.Name))]);
        ILogger logger = loggers.CreateLogger("QuantumFed.Node.Relay");
        using EtsiKeySource? before = SourceOf(own.Before, identity, time), after = SourceOf(own.After, identity, time);
        RelayNodeSettings? nextSettings = settings.Nodes.SkipWhile(node => node != own).ElementAtOrDefault(1);
        RelayNeighbour? next = nextSettings is { Address: { } address } && after is not null && new Uri("tls://" + address) is var at
            ? new RelayNeighbour(MemberId.Parse(nextSettings.Name), at.Host, at.Port, after)
            : null;
        await using var node = new RelayNode(route, identity, next, before, time, logger);
        await using MessageListener? listener = own.Listen is { } listen
            ? await MessageListener.StartAsync(IPEndPoint.Parse(listen), identity, RelayProtocols.All, loggers, time, cancellation)
            : null;
        if (own.Serve is null)
        {
            Log.Trusted(logger, route.Name, own.Name, route);
            await ServeAsync(route, node, listener!, null, null, logger, cancellation);
            return;
        }
        RelayNodeSettings other = own == settings.Nodes[0] ? settings.Nodes[^1] : settings.Nodes[0];
        HashSet<MemberId> here = [.. own.Applications!.Select(MemberId.Parse)], there = [.. other.Applications!.Select(MemberId.Parse)];
        using KeyStore store = KeyStore.Open(Path.Combine(folder, "keys.db"), $"{settings.Name} {own.Name}", settings.MostKeys, time);
        var alarm = new LinkAlarm();
        var figures = new LinkFigures(settings.Name, own.Name, isSimulated: false, time, path: route.ToString());
        var exchange = new KeyExchange(store, allots: listener is null, here, there, () => alarm.Reason, time, logger);
        await using EtsiServer server = await EtsiServer.StartAsync(
            new EtsiServerSettings
            {
                EndPoint = IPEndPoint.Parse(own.Serve), KeyManager = identity.Name, PeerKeyManager = MemberId.Parse(other.Name), Applications = here, PeerApplications = there,
            },
            exchange, identity, figures, loggers, time, cancellation);
        Log.Serving(logger, route.Name, own.Name, server.EndPoint, route);
        if (listener is null)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await LinkTasks.FirstFailureAsync(
                stop, new RelayOrigin(route, node, store, alarm, figures, time, logger).RunAsync(stop.Token),
                DialEndAsync(route, exchange, identity, other, time, logger, stop.Token));
        }
        else
        {
            await ServeAsync(
                route, node, listener, exchange,
                (block, relayed) =>
                {
                    store.Save([], block, relayed.Key);
                    figures.Add(new LinkBlockFigures("Delivered", 0, 0, 8L * relayed.Key.Length, TimeSpan.Zero));
                },
                logger, cancellation);
        }
    }

    // The node before, and at the last node the first one for the exchange of keys; each as often as it dials.
    private static async Task ServeAsync(
        RelayRoute route, RelayNode node, MessageListener listener, KeyExchange? exchange, Action<ulong, Qkd.RelayedKey>? arrived, ILogger logger,
        CancellationToken cancellation)
    {
        var serving = new HashSet<Task>();
        try
        {
            while (true)
            {
                MessageConnection connection = await listener.AcceptAsync(cancellation);
                serving.RemoveWhere(task => task.IsCompleted);
                serving.Add(ServeOneAsync(connection));
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }

        async Task ServeOneAsync(MessageConnection connection)
        {
            await using (connection)
            {
                try
                {
                    if (connection.Protocol == RelayProtocols.Hop)
                        await node.ServeAsync(connection, arrived, cancellation);
                    else if (exchange is not null && connection.Peer == route.Nodes[0])
                        await exchange.ServeAsync(connection, cancellation);
                }
                catch (Exception error) when (error is MessageConnectionException or KeyStoreException)
                {
                    Log.Disconnected(logger, route.Name, error.Message);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // The node stops.
                }
            }
        }
    }

    private static async Task DialEndAsync(
        RelayRoute route, KeyExchange exchange, NodeIdentity identity, RelayNodeSettings last, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var address = new Uri("tls://" + last.Address);
        while (true)
        {
            try
            {
                await using MessageConnection connection = await MessageConnection.DialAsync(
                    address.Host, address.Port, identity, MemberId.Parse(last.Name), KeyExchange.Protocol, time, cancellation);
                await exchange.ServeAsync(connection, cancellation);
            }
            catch (Exception error) when (error is MessageConnectionException or KeyStoreException)
            {
                Log.Disconnected(logger, route.Name, error.Message);
            }
            await Task.Delay(Redial, time, cancellation);
        }
    }

    private static EtsiKeySource? SourceOf(KeyManagerSettings? manager, NodeIdentity identity, TimeProvider time) => manager is null
        ? null
        : EtsiKeySource.Create(manager.Address, identity, MemberId.Parse(manager.Name), new EtsiKeySourceOptions { KeySizeInBits = RelayNode.HopKeySizeInBits }, time);

    private static partial class Log
    {
        [LoggerMessage(4211, LogLevel.Information, "{Route}: {Node} serves keys (ETSI GS QKD 014) on {EndPoint}. They come over {Path}: every node between knows them.")]
        public static partial void Serving(ILogger logger, string route, string node, IPEndPoint endPoint, RelayRoute path);

        [LoggerMessage(4212, LogLevel.Information, "{Route}: {Node} is a trusted node on {Path}: it learns every key.")]
        public static partial void Trusted(ILogger logger, string route, string node, RelayRoute path);

        [LoggerMessage(4213, LogLevel.Warning, "{Route}: a connection ended: {Reason}")]
        public static partial void Disconnected(ILogger logger, string route, string reason);
    }
}
