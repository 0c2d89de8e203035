using Microsoft.Extensions.Logging;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Composes and runs a coordinator.</summary>
public static class CoordinatorHost
{
    /// <summary>Runs the federation until cancelled.</summary>
    /// <param name="settingsPath">Path of settings.json.</param>
    /// <param name="loggers">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="SettingsException">Settings or keys do not fit.</exception>
    /// <exception cref="TransportProfileException">This process cannot hold the TLS profile.</exception>
    /// <exception cref="RoundFailedException">The federation cannot go on.</exception>
    public static async Task RunAsync(string settingsPath, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        OpenSslVersion.RequirePostQuantum();
        CoordinatorSettings settings = SettingsFile.Read<CoordinatorSettings>(settingsPath);
        var folder = new PartyFolder(Path.GetDirectoryName(settingsPath)!);
        ConsortiumAgreement agreement = folder.ReadAgreement(settings.Agreement);
        using NodeIdentity identity = folder.ReadIdentity(time);
        using LedgerAccount account = folder.ReadAccount(agreement.Coordinator.Account);
        using var keys = new PartyKeys(folder);
        Directory.CreateDirectory(folder.State);
        using LedgerGateway ledger = await LedgerGateway.ConnectAsync(
            agreement, LedgerAccess.Endpoint(settings.LedgerRpc, settings.LedgerAccess, folder), settings.Accepted, account, folder.State, time,
            loggers.CreateLogger("QuantumFed.Node.Registry"), cancellation, settings.LedgerAccess?.Confirmations ?? 0);
        (ConsortiumAgreement inForce, _) = await ledger.InForceAsync(cancellation);
        // What is missing is said before anything is begun.
        _ = (keys.SigningKeyOf(inForce.Coordinator.Key), keys.PayloadKeyOf(inForce.Coordinator.PayloadKey));
        using KeyManagerClients keyManagers = KeyManagerClients.ForCoordinator(settingsPath, settings, agreement, identity, time);
        var archive = new RoundArchive(folder.Resolve(settings.Archive));
        var desk = new CoordinatorDesk(inForce, archive, time);
        var board = new NoticeBoard();
        var traffic = new TrafficMeter();
        var endpoint = new CoordinatorEndpoint(
            agreement, desk, board, archive, keys, new CoordinatorLinks(keyManagers.Sources, settings.RequireQuantumKeys), ledger.ReadRoundAsync, traffic, time,
            loggers.CreateLogger("QuantumFed.Node.CoordinatorEndpoint"));
        await using GrpcServer server = await GrpcServer.StartAsync(
            identity, endpoint.Map(), new GrpcServerOptions { EndPoint = settings.ListenEndPoint, ShutdownTimeout = TimeSpan.FromSeconds(1) },
            loggers, time, cancellation);
        ILogger logger = loggers.CreateLogger("QuantumFed.Node.Coordinator");
        using var sums = new MappedMemoryPool(folder.State);
        var service = new CoordinatorService(
            agreement, keys, ledger, desk, board, archive, new ChainRecorder(ledger, archive), new RoundTimeline(traffic, time, logger), folder.State,
            sums, time, logger);
        await service.RunAsync(cancellation);
    }
}
