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
    private FoundedLedger _ledger = null!;
    private QfRun? _coordinator;

    private CancellationToken Token => _limit.Token;

    public async ValueTask InitializeAsync()
    {
        Requires.PostQuantum();
        Requires.Launcher();
        _limit.CancelAfter(Patience);
        _layout = new WorkspaceLayout(_folder.At("w"));
        IReadOnlyList<int> ports = DemoNetwork.FreePorts(2);
        _agreement = SmallWorkspace.Found(_layout, 4, rounds: 1, ports[0], ports[1]);
        _ledger = await FoundedLedger.StartAsync(_layout, _agreement, ports[0], Token);
        _coordinator = QfRun.Start(["coordinator", "run", "--settings", new PartyFolder(_layout.Coordinator).Settings]);
        // A member that comes before waits a second until it tries again.
        await _coordinator.LineAsync("Listening", Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (InProcessMember member in _members)
            await member.DisposeAsync();
        if (_coordinator is not null)
            await _coordinator.DisposeAsync();
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _limit.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_has_committed_is_in_the_sum_who_has_not_is_not_waited_for_and_neither_is_in_the_next_round()
    {
        const int Uncommitted = 1, Committed = 2, Late = 3;
        InProcessMember first = Start(0), committed = Start(Committed);
        // Their keys are in the plan, and they are gone before the round is open: it stays open for the late one.
        InProcessMember uncommitted = Start(Uncommitted, "KeyAnnounced"), late = Start(Late, "KeyAnnounced");
        foreach (InProcessMember member in (InProcessMember[])[first, committed])
            await member.EventAsync("Committed");
        foreach (InProcessMember member in (InProcessMember[])[uncommitted, late])
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => member.Run);
        // Suspended and reinstated while the round is open, with no reason to connect anew.
        await CarryAsync(RegistryChange.Suspend, 0, Uncommitted, Committed, Late);
        await first.StopAsync();
        first = Start(0);
        await first.EventAsync("Suspended");
        await CarryAsync(RegistryChange.Reinstate, 0, Uncommitted, Committed, Late);
        await CarryAsync(RegistryChange.Suspend, Committed, 0, Uncommitted, Late);
        await CarryAsync(RegistryChange.Suspend, Uncommitted, 0, Late);
        await committed.StopAsync();
        (committed, uncommitted) = (Start(Committed), Start(Uncommitted));
        await committed.EventAsync("Suspended");
        await uncommitted.EventAsync("Suspended");
        // The coordinator lets it in, as the round was opened with it, and the ledger takes nothing from it.
        await uncommitted.EventAsync("NoticeRefused");
        using RoundLedger reader = RoundLedger.Create(_ledger.Client, _ledger.Deployment, account: null, TimeProvider.System);
        Assert.Equal(RoundPhase.Open, (await reader.ReadRoundAsync(default, Token))!.Phase);
        late = Start(Late);
        // The next round is planned without both, for which those who are left are too few.
        await _coordinator!.LineAsync("Round 1: 2 members are active and a round needs 3", Token);
        RoundRecord round = (await reader.ReadRoundAsync(default, Token))!;
        Assert.Equal(RoundPhase.Finalized, round.Phase);
        Assert.Equal(Accounts(0, Committed, Late), round.Participants);
        Assert.Empty(round.Exclusions);
        Assert.Equal(Accounts(0, Late), round.Attestations.Keys);
        // Both were of the committee, and did their part.
        Assert.Equal((1, 1), (committed.Count("SumOpened"), uncommitted.Count("SumOpened")));
        // They are let in no more, have no part in any round, and wait.
        await committed.EventAsync("Disconnected");
        await uncommitted.EventAsync("Disconnected");
        await CarryAsync(RegistryChange.Reinstate, Uncommitted, 0, Late);
        await uncommitted.EventAsync("Reinstated");
        await _coordinator.LineAsync("Round 1 archived", Token);
        round = (await reader.ReadRoundAsync(new RoundId(1), Token))!;
        Assert.Equal(Accounts(0, Uncommitted, Late), round.Commitments.Keys);
        Assert.Equal(Accounts(0, Uncommitted, Late), round.Attestations.Keys);
        foreach (InProcessMember member in (InProcessMember[])[first, uncommitted, late])
            await member.EventAsync("FederationCompleted");
        Assert.Equal((1, 0, 0), (committed.Count("Uploaded"), committed.Count("KeyAnnounced"), committed.Count("FederationCompleted")));
        // That was the last round: who is reinstated now is told the end, and replays what it missed, as the others did.
        await CarryAsync(RegistryChange.Reinstate, Committed, 0, Uncommitted, Late);
        await committed.EventAsync("Reinstated");
        await committed.EventAsync("FederationCompleted");
        Assert.Equal(2, committed.Count("Replayed"));
        // Told once, though some connected three times, and though the first never lost its connection again.
        Assert.Equal((1, 1, 1), (first.Count("Suspended"), committed.Count("Suspended"), uncommitted.Count("Suspended")));
        Assert.Equal((1, 0), (first.Count("Reinstated"), first.Count("Disconnected")));
        AuditReport report = ConsortiumAuditor.Run(new AuditSource(_layout.Agreement, _layout.Consents, _layout.Archive));
        Assert.Equal([true, true], report.Rounds.Select(verdict => verdict.Verified));
    }

    private InProcessMember Start(int member, string? lastEvent = null)
    {
        InProcessMember started = InProcessMember.Start(new PartyFolder(_layout.Member(_agreement.Members[member].Id)).Settings, Token, lastEvent);
        _members.Add(started);
        return started;
    }

    private IEnumerable<EthereumAddress> Accounts(params IEnumerable<int> members) => members.Select(member => _agreement.Members[member].Account).Order();

    private Task CarryAsync(RegistryChange change, int about, params int[] voters) =>
        MemberVotes.CarryAsync(_layout, _agreement, _ledger.Client, change, about, voters, Token);
}
