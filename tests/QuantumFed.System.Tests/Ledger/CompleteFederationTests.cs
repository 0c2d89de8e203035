using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.System.Tests;

/// <summary>A coordinator whose federation has run all its rounds, started again on a copy of the finished demo, while the members change the registry.</summary>
public sealed class CompleteFederationTests(FinishedDemo demo) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly NoticeBoard _board = new();
    private WorkspaceLayout _layout = null!;
    private ConsortiumAgreement _agreement = null!;

    private CancellationToken Token => _limit.Token;

    public async ValueTask InitializeAsync()
    {
        Requires.PostQuantum();
        string workspace = await demo.WorkspaceAsync();
        _limit.CancelAfter(Patience);
        _layout = new WorkspaceLayout(_folder.At("w"));
        foreach (string part in (string[])["ledger", "coordinator", "members", "archive"])
            _ = MissingThingsTests.CopyParty(Path.Combine(workspace, part), _folder.At("w", part));
        _agreement = new PartyFolder(_layout.Coordinator).ReadAgreement("consortium.json");
    }

    public ValueTask DisposeAsync()
    {
        _limit.Dispose();
        _folder.Dispose();
        return default;
    }

    [Fact]
    public async Task Who_is_suspended_is_let_in_no_more_and_who_is_reinstated_is_told_the_end_as_the_others()
    {
        const int Member = 0;
        MemberId member = _agreement.Members[Member].Id;
        int[] voters = [.. Enumerable.Range(1, _agreement.Members.Count - 1)];
        await using AnvilProcess anvil = await AnvilProcess.StartAsync(
            Checkout.Root, 0, _agreement.Ledger.ChainId, Path.Combine(new PartyFolder(_layout.Ledger).State, "anvil.json"), TimeProvider.System, Token);
        using JsonRpcClient client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System);
        var folder = new PartyFolder(_layout.Coordinator);
        using LedgerAccount account = folder.ReadAccount(_agreement.Coordinator.Account);
        using LedgerGateway gateway = await LedgerGateway.ConnectAsync(
            _agreement, RpcEndpoint.Create(anvil.Endpoint), AcceptedProposals.None, account, folder.State, TimeProvider.System, NullLogger.Instance, Token);
        var archive = new RoundArchive(_layout.Archive);
        var desk = new CoordinatorDesk(_agreement, archive, TimeProvider.System);
        using PartyKeys keys = new(folder);
        using MappedMemoryPool sums = new(folder.State);
        var service = new CoordinatorService(
            _agreement, keys, gateway, desk, _board, archive, new ChainRecorder(gateway, archive),
            new RoundTimeline(new TrafficMeter(), TimeProvider.System, NullLogger.Instance), folder.State, sums, TimeProvider.System, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task run = service.RunAsync(stop.Token);
        Assert.Equal(Phase.Complete, (await FirstNoticeAsync()).Phase);
        await MemberVotes.CarryAsync(_layout, _agreement, client, RegistryChange.Suspend, Member, voters, Token);
        await Judgement.AwaitAsync(desk, _board, member, suspended: true, Token);
        await MemberVotes.CarryAsync(_layout, _agreement, client, RegistryChange.Reinstate, Member, voters, Token);
        await Judgement.AwaitAsync(desk, _board, member, suspended: false, Token);
        Assert.Equal(Phase.Complete, (await FirstNoticeAsync()).Phase);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private async Task<RoundNotice> FirstNoticeAsync()
    {
        await foreach (RoundNotice notice in _board.FollowAsync(Token))
            return notice;
        throw new InvalidOperationException("A board is followed until it is cancelled.");
    }
}
