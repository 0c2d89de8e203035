using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using QuantumFed.KeyManagement;
using QuantumFed.Protocol;
using QuantumFed.Qkd;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Composes and runs a quantum link: both of its key managers, or one against a remote other.</summary>
public static partial class LinkHost
{
    /// <summary>Runs until cancelled.</summary>
    /// <param name="settingsPath">Path of the link's settings, which both ends have alike.</param>
    /// <param name="ends">Which ends this process runs.</param>
    /// <param name="loggers">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SettingsException">Settings, keys or secrets do not fit.</exception>
    /// <exception cref="KeyStoreException">A store cannot be used.</exception>
    /// <exception cref="TransportProfileException">This process cannot hold the TLS profile.</exception>
    public static async Task RunAsync(string settingsPath, LinkEnds ends, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        OpenSslVersion.RequirePostQuantum();
        LinkSettings settings = SettingsFile.Read<LinkSettings>(settingsPath);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task>();
        // The receiver first: it listens before the transmitter dials.
        if (ends.HasFlag(LinkEnds.Receiver))
            running.Add(RunEndAsync(settingsPath, settings, LinkRole.Receiver, loggers, time, stop.Token));
        if (ends.HasFlag(LinkEnds.Transmitter))
            running.Add(RunEndAsync(settingsPath, settings, LinkRole.Transmitter, loggers, time, stop.Token));
        Task first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await first;
    }

    private static async Task RunEndAsync(
        string settingsPath, LinkSettings settings, LinkRole role, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        (LinkEndSettings own, LinkEndSettings other) = role == LinkRole.Transmitter ? (settings.Transmitter, settings.Receiver) : (settings.Receiver, settings.Transmitter);
        string folder = Path.GetFullPath(own.Folder, Path.GetDirectoryName(settingsPath)!);
        using NodeIdentity identity = NodeIdentity.Load(folder, time);
        if (identity.Name.Name != own.Name)
            throw new SettingsException(settingsPath, [$"the certificate in {folder} is of '{identity.Name}', the settings say '{own.Name}'"]);
        HashSet<MemberId> here = [.. own.Applications.Select(MemberId.Parse)], there = [.. other.Applications.Select(MemberId.Parse)];
        ILogger logger = loggers.CreateLogger("QuantumFed.Node.Link");
        using KeyStore store = KeyStore.Open(Path.Combine(folder, "keys.db"), $"{settings.Name} {role}", settings.MostKeys, time);
        RequireBeginning(store, folder);
        var alarm = new LinkAlarm();
        var figures = new LinkFigures(settings.Name, own.Name, isSimulated: true, time, keysAreSecret: settings.Fibre.Seed is null);
        var exchange = new KeyExchange(store, allots: role == LinkRole.Transmitter, here, there, () => alarm.Reason, time, logger);
        var end = new LinkEnd(
            settings.Name, role, MemberId.Parse(other.Name), identity, new LinkAgreement(DecoyProtocol.FiniteKey, LinkSecurity), () => ReadSecret(folder), store,
            exchange, alarm, figures, time, logger);
        await using EtsiServer server = await EtsiServer.StartAsync(
            new EtsiServerSettings
            {
                EndPoint = IPEndPoint.Parse(own.Listen), KeyManager = identity.Name, PeerKeyManager = end.Peer, Applications = here, PeerApplications = there,
            },
            exchange, identity, figures, loggers, time, cancellation);
        Log.Serving(logger, settings.Name, role, own.Name, server.EndPoint, settings.Fibre.Kilometres, settings.Fibre.Eavesdropper);
        if (settings.Fibre.Seed is not null)
            Log.NotSecret(logger, settings.Name);
        if (role == LinkRole.Receiver)
        {
            await using MessageListener listener = await MessageListener.StartAsync(
                IPEndPoint.Parse(settings.LinkListen), identity, LinkTransmitter.Protocols, loggers, time, cancellation);
            await new LinkReceiver(end, listener).RunAsync(cancellation);
            return;
        }
        var address = new Uri("tls://" + settings.LinkAddress);
        // Each run of a seeded link has a seed of its own: the same light twice would be the same key twice.
        ulong? seed = settings.Fibre.Seed;
        await new LinkTransmitter(
            end, address.Host, address.Port, settings.Fibre.ToLink(), (long)settings.Fibre.PulsesPerBlock,
            run => seed is { } repeat ? LinkRandomness.FromSeed(unchecked(repeat + run)) : LinkRandomness.FromOperatingSystem()).RunAsync(cancellation);
    }

    /// <summary>What both ends want of a block's key (Lim et al. 2014).</summary>
    private static FiniteKeySecurity LinkSecurity => FiniteKeySecurity.Default;

    // Read when the other end is there; what is wrong with it is told at the start.
    private static void RequireBeginning(KeyStore store, string folder)
    {
        byte[]? state = store.ReadLinkState();
        CryptographicOperations.ZeroMemory(state ?? ReadSecret(folder));
    }

    internal static byte[] ReadSecret(string folder)
    {
        string path = Path.Combine(folder, LinkFounder.SecretName);
        try
        {
            long size = new FileInfo(path).Length;
            if (size is < LinkEndState.LeastInitialBytes or > LinkEndState.MostInitialBytes)
                throw new SettingsException(path, [$"it has {size} bytes; the secret that a link begins with has {LinkEndState.LeastInitialBytes} to {LinkEndState.MostInitialBytes}"]);
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, ["a link that begins needs the secret that both ends were given", error.Message]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Information, "{Link}, {Role}: {KeyManager} serves keys (ETSI GS QKD 014) on {EndPoint}. SIMULATED fibre of {Kilometres} km, eavesdropper: {Eavesdropper}.")]
        public static partial void Serving(ILogger logger, string link, LinkRole role, string keyManager, IPEndPoint endPoint, double kilometres, string eavesdropper);

        [LoggerMessage(4202, LogLevel.Warning, "{Link}: simulated from a seed: its keys repeat and are NO SECRET.")]
        public static partial void NotSecret(ILogger logger, string link);
    }
}
