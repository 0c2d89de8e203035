using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>A party's gateway while the chain under it is exchanged.</summary>
public sealed class LedgerGatewayTests : IDisposable
{
    private static readonly RoundId Round = new(0);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_chain_that_lost_something_ends_the_next_question_and_no_step_is_taken_on_it(bool fromOlderState)
    {
        Requires.PostQuantum();
        var layout = new WorkspaceLayout(_folder.At("w"));
        ConsortiumAgreement agreement = SmallWorkspace.Found(layout, 3);
        string state = _folder.At("state.json"), older = _folder.At("older.json");
        AnvilProcess anvil = await StartAsync(0, agreement, state);
        int port = anvil.Endpoint.Port;
        using (LedgerAccount deployer = new PartyFolder(layout.Ledger).ReadAccount(agreement.Ledger.Deployer))
        using (JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System))
            await LedgerDeployer.DeployAsync(client, deployer, LedgerCharter.Of(agreement), Token);
        await anvil.DisposeAsync();
        File.Copy(state, older);
        anvil = await StartAsync(port, agreement, state);
        using LedgerAccount account = new PartyFolder(layout.Coordinator).ReadAccount(agreement.Coordinator.Account);
        using (LedgerGateway gateway = await LedgerGateway.ConnectAsync(agreement, RpcEndpoint.Create(anvil.Endpoint), AcceptedProposals.None, account, _folder.At("coordinator"), TimeProvider.System, NullLogger.Instance, Token))
        {
            await OpenAsync(anvil.Endpoint, agreement, account);
            await gateway.AbandonAsync(Round, AbandonReason.TooFewCommitments, Signed(layout, agreement), Token);
            Assert.Equal(1UL, (await gateway.NextRoundAsync(Token)).Value);
            await anvil.DisposeAsync();
            anvil = await StartAsync(port, agreement, fromOlderState ? older : null);
            LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => gateway.NextRoundAsync(Token));
            if (fromOlderState)
                Assert.Contains("Lost of this party's steps: the abandonment of round 0", refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<LedgerMismatchException>(
                () => gateway.AbandonAsync(Round, AbandonReason.TooFewCommitments, Signed(layout, agreement), Token));
        }
        // Nor after a restart of the party.
        LedgerMismatchException again = await Assert.ThrowsAsync<LedgerMismatchException>(
            () => LedgerGateway.ConnectAsync(agreement, RpcEndpoint.Create(anvil.Endpoint), AcceptedProposals.None, account, _folder.At("coordinator"), TimeProvider.System, NullLogger.Instance, Token));
        if (fromOlderState)
            Assert.Contains("has lost block", again.Message, StringComparison.Ordinal);
        await anvil.DisposeAsync();
    }

    [Fact]
    public async Task Two_gateways_of_one_party_at_once_are_refused()
    {
        Requires.PostQuantum();
        var layout = new WorkspaceLayout(_folder.At("w"));
        ConsortiumAgreement agreement = SmallWorkspace.Found(layout, 3);
        await using AnvilProcess anvil = await StartAsync(0, agreement, null);
        using (LedgerAccount deployer = new PartyFolder(layout.Ledger).ReadAccount(agreement.Ledger.Deployer))
        using (JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System))
            await LedgerDeployer.DeployAsync(client, deployer, LedgerCharter.Of(agreement), Token);
        using LedgerAccount account = new PartyFolder(layout.Coordinator).ReadAccount(agreement.Coordinator.Account);
        Task<LedgerGateway> ConnectAsync() =>
            LedgerGateway.ConnectAsync(agreement, RpcEndpoint.Create(anvil.Endpoint), AcceptedProposals.None, account, _folder.At("coordinator"), TimeProvider.System, NullLogger.Instance, Token);
        using (await ConnectAsync())
            Assert.Contains("another process", (await Assert.ThrowsAsync<IOException>(ConnectAsync)).Message, StringComparison.Ordinal);
        (await ConnectAsync()).Dispose();
    }

    private static async Task OpenAsync(Uri endpoint, ConsortiumAgreement agreement, LedgerAccount account)
    {
        using JsonRpcClient client = JsonRpcClient.Create(endpoint, TimeProvider.System);
        using RoundLedger ledger = RoundLedger.Create(client, RecordedRounds.DeploymentOf(agreement), account, TimeProvider.System);
        ulong now = (await ledger.HeadAsync(Token)).Timestamp;
        Digest model = await ledger.CurrentModelHashAsync(Token);
        await ledger.OpenRoundAsync(Round, Digest.Of("plan"u8), model, now + 600, 3, Digest.Of("s"u8), Token);
    }

    private static SignedMessage Signed(WorkspaceLayout layout, ConsortiumAgreement agreement)
    {
        using SigningKey key = new PartyFolder(layout.Coordinator).ReadSigningKey(agreement.Coordinator.Key);
        return SignedMessage.Sign(new Attestation(Digest.Of("p"u8), Digest.Of("t"u8), Digest.Of("m"u8), 7, Digest.Of("b"u8)), agreement.Coordinator.Id, key);
    }

    private static Task<AnvilProcess> StartAsync(int port, ConsortiumAgreement agreement, string? state) =>
        AnvilProcess.StartAsync(Checkout.Root, port, agreement.Ledger.ChainId, state, TimeProvider.System, Token);
}
