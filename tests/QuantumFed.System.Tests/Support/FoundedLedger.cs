using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A chain in this test's hands, with the contracts of an agreement on it.</summary>
internal sealed class FoundedLedger : IAsyncDisposable
{
    private readonly AnvilProcess _anvil;

    private FoundedLedger(AnvilProcess anvil, JsonRpcClient client, LedgerDeployment deployment) => (_anvil, Client, Deployment) = (anvil, client, deployment);

    public Uri Endpoint => _anvil.Endpoint;

    public JsonRpcClient Client { get; }

    public LedgerDeployment Deployment { get; }

    /// <summary>Starts the chain and has the workspace's deployer create the contracts; port 0 is any.</summary>
    public static async Task<FoundedLedger> StartAsync(WorkspaceLayout layout, ConsortiumAgreement agreement, int port, CancellationToken cancellation)
    {
        AnvilProcess anvil = await AnvilProcess.StartAsync(Checkout.Root, port, agreement.Ledger.ChainId, null, TimeProvider.System, cancellation);
        var ledger = new FoundedLedger(anvil, JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System), RecordedRounds.DeploymentOf(agreement));
        try
        {
            using LedgerAccount deployer = new PartyFolder(layout.Ledger).ReadAccount(agreement.Ledger.Deployer);
            _ = await LedgerDeployer.DeployAsync(ledger.Client, deployer, LedgerCharter.Of(agreement), cancellation);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _anvil.DisposeAsync();
    }
}
