using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>Composes and runs the coordinator of a federation in the clear, from the settings of an ordinary one. Only <c>qf compare</c> does.</summary>
public static class PlainCoordinatorHost
{
    /// <summary>Runs the federation until cancelled. Models are written to the archive's folder, each under its digest.</summary>
    /// <exception cref="SettingsException">Settings or keys do not fit.</exception>
    public static async Task RunAsync(string settingsPath, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        OpenSslVersion.RequirePostQuantum();
        CoordinatorSettings settings = SettingsFile.Read<CoordinatorSettings>(settingsPath);
        var folder = new PartyFolder(Path.GetDirectoryName(settingsPath)!);
        ConsortiumAgreement agreement = folder.ReadAgreement(settings.Agreement);
        PlainFederation.RequireDevelopment(agreement, settingsPath);
        using NodeIdentity identity = folder.ReadIdentity(time);
        string models = folder.Resolve(settings.Archive);
        Directory.CreateDirectory(models);
        var coordinator = new PlainCoordinator(agreement, models, time, loggers.CreateLogger("QuantumFed.Node.PlainCoordinator"));
        await using GrpcServer server = await GrpcServer.StartAsync(
            identity, coordinator.Map(), new GrpcServerOptions { EndPoint = settings.ListenEndPoint, ShutdownTimeout = TimeSpan.FromSeconds(1) },
            loggers, time, cancellation);
        await coordinator.RunAsync(cancellation);
    }
}
