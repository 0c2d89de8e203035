using Microsoft.Extensions.Logging;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Composes and runs a development ledger: an anvil node and the consortium's contracts on it.</summary>
public static partial class LedgerHost
{
    /// <summary>Runs until cancelled, or until the node ends.</summary>
    /// <param name="settingsPath">Path of settings.json.</param>
    /// <param name="home">The checkout that holds network/dev.</param>
    /// <param name="loggers">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops the node.</param>
    /// <exception cref="LedgerUnavailableException">The node could not be started, or ended.</exception>
    public static async Task RunAsync(string settingsPath, string home, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        ILogger logger = loggers.CreateLogger("QuantumFed.Node.Ledger");
        LedgerSettings settings = SettingsFile.Read<LedgerSettings>(settingsPath);
        var folder = new PartyFolder(Path.GetDirectoryName(settingsPath)!);
        ConsortiumAgreement agreement = folder.ReadAgreement(settings.Agreement);
        using LedgerAccount deployer = folder.ReadAccount(agreement.Ledger.Deployer);
        Directory.CreateDirectory(folder.State);
        await using AnvilProcess anvil = await AnvilProcess.StartAsync(
            home, settings.Port, agreement.Ledger.ChainId, Path.Combine(folder.State, "anvil.json"), time, cancellation);
        Log.Started(logger, anvil.Endpoint, agreement.Ledger.ChainId);
        using JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, time);
        ConsortiumCharter charter = LedgerCharter.Of(agreement);
        LedgerDeployment deployment = RecordedRounds.DeploymentOf(agreement);
        LedgerDeployment deployed = await LedgerDeployer.DeployAsync(client, deployer, charter, cancellation);
        if (deployed != deployment)
            throw new LedgerMismatchException($"The contracts were deployed at {deployed.Rounds}, the agreement says {deployment.Rounds}.");
        Log.Ready(logger, deployment.Registry, deployment.Rounds);
        int exitCode = await anvil.Exited.WaitAsync(cancellation);
        throw new LedgerUnavailableException($"The ledger's node (anvil, pid {anvil.ProcessId}) ended by itself with exit code {exitCode}. {anvil.ErrorTail}".TrimEnd());
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Development ledger {ChainId} at {Endpoint}: one operator could rewrite it.")]
        public static partial void Started(ILogger logger, Uri endpoint, ulong chainId);

        [LoggerMessage(3002, LogLevel.Information, "Contracts in place: registry {Registry}, rounds {Rounds}.")]
        public static partial void Ready(ILogger logger, EthereumAddress registry, EthereumAddress rounds);
    }
}
