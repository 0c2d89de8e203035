using QuantumFed.Audit;
using QuantumFed.Cli;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>
/// Members that are suspended while a round is open, and come back to it: the chain and the coordinator are processes, the members are of the tests' own.
/// </summary>
public sealed class SuspendedInRoundTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<InProcessMember> _members = [];
    private WorkspaceLayout _layout = null!;
    private ConsortiumAgreement _agreement = null!;
    private AnvilProcess _anvil = null!;
    private JsonRpcClient _client = null!;
    private QfRun? _coordinator;

    private CancellationToken Token => _limit.Token;

    public async ValueTask InitializeAsync()
    {
        Requires.PostQuantum();
        Requires.Launcher();
        _limit.CancelAfter(Patience);
        _layout = new WorkspaceLayout(_folder.At("w"));
        IReadOnlyList<int> ports = DemoNetwork.FreePorts(2);
        _agreement = SmallWorkspace.Found(_layout, 5, rounds: 500, ports[0], ports[1]);
        _anvil = await AnvilProcess.StartAsync(Checkout.Root, ports[0], _agreement.Ledger.ChainId, null, TimeProvider.System, Token);
        _client = JsonRpcClient.Create(_anvil.Endpoint, TimeProvider.System);
        using LedgerAccount deployer = new PartyFolder(_layout.Ledger).ReadAccount(_agreement.Ledger.Deployer);
        await LedgerDeployer.DeployAsync(_client, deployer, LedgerCharter.Of(_agreement), Token);
        _coordinator = StartCoordinator();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (InProcessMember member in _members)
            await member.DisposeAsync();
        if (_coordinator is not null)
            await _coordinator.DisposeAsync();
        _client?.Dispose();
        if (_anvil is not null)
            await _anvil.DisposeAsync();
        _limit.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_has_committed_is_in_the_sum_who_has_not_is_not_waited_for_and_neither_is_in_the_next_round()
    {
        const int Uncommitted = 2, Committed = 3, Late = 4;
        InProcessMember first = Start(0), second = Start(1), committed = Start(Committed);
        // Their keys are in the plan, and they are gone before the round is open: it stays open for the late one.
        InProcessMember uncommitted = Start(Uncommitted, "KeyAnnounced"), late = Start(Late, "KeyAnnounced");
        foreach (InProcessMember member in (InProcessMember[])[first, second, committed])
            await member.EventAsync("Committed");
        foreach (InProcessMember member in (InProcessMember[])[uncommitted, late])
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => member.Run);
        await CarryAsync(RegistryChange.Suspend, Committed, 0, 1, Uncommitted, Late);
        await CarryAsync(RegistryChange.Suspend, Uncommitted, 0, 1, Late);
        await committed.StopAsync();
        (committed, uncommitted) = (Start(Committed), Start(Uncommitted));
        await committed.EventAsync("Suspended");
        await uncommitted.EventAsync("Suspended");
        // The coordinator lets it in, as the round was opened with it, and the ledger takes nothing from it.
        await uncommitted.EventAsync("NoticeRefused");
        using RoundLedger reader = RoundLedger.Create(_client, RecordedRounds.DeploymentOf(_agreement), account: null, TimeProvider.System);
        Assert.Equal(RoundPhase.Open, (await reader.ReadRoundAsync(default, Token))!.Phase);
        _ = Start(Late);
        // The next round is planned without both, for which those who are left are too few.
        await _coordinator!.LineAsync("Round 1: 3 members are active and a round needs 4", Token);
        RoundRecord round = (await reader.ReadRoundAsync(default, Token))!;
        Assert.Equal(RoundPhase.Finalized, round.Phase);
        Assert.Equal(Accounts(0, 1, Committed, Late), round.Participants);
        Assert.Empty(round.Exclusions);
        Assert.Equal(Accounts(0, 1, Late), round.Attestations.Keys);
        // Both were of the committee, and did their part.
        Assert.Equal((1, 1), (committed.Count("SumOpened"), uncommitted.Count("SumOpened")));
        // Connected anew, they have no part in any round, and wait.
        _coordinator.Signal(ProcessTable.Terminate);
        await _coordinator.EndAsync(Token);
        await _coordinator.DisposeAsync();
        _coordinator = StartCoordinator();
        await committed.EventAsync("Disconnected");
        await uncommitted.EventAsync("Disconnected");
        await _coordinator.LineAsync("Round 1: 3 members are active and a round needs 4", Token);
        await CarryAsync(RegistryChange.Reinstate, Uncommitted, 0, 1, Late);
        await uncommitted.EventAsync("Reinstated");
        await _coordinator.LineAsync("Round 1 archived", Token);
        Assert.Equal(Accounts(0, 1, Uncommitted, Late), (await reader.ReadRoundAsync(new RoundId(1), Token))!.Commitments.Keys);
        Assert.Equal((1, 0), (committed.Count("Uploaded"), committed.Count("KeyAnnounced")));
        await CarryAsync(RegistryChange.Reinstate, Committed, 0, 1, Late);
        await committed.EventAsync("Reinstated");
        await committed.EventAsync("Attested");
        // Told once, though they connected three times.
        Assert.Equal((1, 1), (committed.Count("Suspended"), uncommitted.Count("Suspended")));
        _coordinator.Signal(ProcessTable.Terminate);
        await _coordinator.EndAsync(Token);
        AuditReport report = ConsortiumAuditor.Run(new AuditSource(_layout.Agreement, _layout.Consents, _layout.Archive));
        Assert.Equal([true, true], report.Rounds.Take(2).Select(verdict => verdict.Verified));
    }

    private QfRun StartCoordinator() => QfRun.Start(["coordinator", "run", "--settings", new PartyFolder(_layout.Coordinator).Settings]);

    private InProcessMember Start(int member, string? lastEvent = null)
    {
        InProcessMember started = InProcessMember.Start(new PartyFolder(_layout.Member(_agreement.Members[member].Id)).Settings, Token, lastEvent);
        _members.Add(started);
        return started;
    }

    private IEnumerable<EthereumAddress> Accounts(params IEnumerable<int> members) => members.Select(member => _agreement.Members[member].Account).Order();

    private async Task CarryAsync(RegistryChange change, int about, params int[] voters)
    {
        ulong number = 0;
        foreach (int voter in voters)
        {
            AgreedMember member = _agreement.Members[voter];
            var folder = new PartyFolder(_layout.Member(member.Id));
            using LedgerAccount own = folder.ReadAccount(member.Account);
            using RegistryVoting voting = RegistryVoting.Create(_agreement, _client, folder, own, TimeProvider.System);
            if (voter == voters[0])
                number = await voting.ProposeAsync(change, _agreement.Members[about].Account, null, default, default, Token);
            else
                await voting.VoteAsync(number, support: true, Token);
            if (await voting.TryExecuteAsync(number, Token))
                return;
        }
        Assert.Fail($"Proposal {number} was not carried.");
    }
}
