using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Audit;
using QuantumFed.Cli;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.System.Tests;

/// <summary>A coordinator while the members change the registry under it.</summary>
public sealed class CoordinatorGovernanceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly NoticeBoard _board = new();
    private WorkspaceLayout _layout = null!;
    private ConsortiumAgreement _agreement = null!;
    private FoundedLedger _ledger = null!;
    private LedgerAccount _account = null!;
    private LedgerGateway _gateway = null!;

    private RoundArchive Archive => new(_layout.Archive);

    public async ValueTask InitializeAsync()
    {
        Requires.PostQuantum();
        _limit.CancelAfter(Patience);
        _layout = new WorkspaceLayout(_folder.At("w"));
        _agreement = SmallWorkspace.Found(_layout, 4);
        _ledger = await FoundedLedger.StartAsync(_layout, _agreement, 0, _limit.Token);
        _account = new PartyFolder(_layout.Coordinator).ReadAccount(_agreement.Coordinator.Account);
        Directory.CreateDirectory(_folder.At("state"));
        _gateway = await ConnectAsync(AcceptedProposals.None, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _gateway?.Dispose();
        _account?.Dispose();
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _limit.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_round_given_up_after_a_restart_is_signed_with_the_key_that_it_is_judged_by()
    {
        using SigningKey next = new PartyFolder(_layout.Coordinator).CreateNextSigningKey();
        await CarryAsync(RegistryChange.SetKeys, _agreement.Coordinator.Account, next.VerificationKey.ToArray(), _agreement.Coordinator.PayloadKey);
        await OpenAsync();
        await RunUntilAsync(phase: Phase.Abandoned);
        Assert.True(Archive.TryReadRound(default, out RoundIndex? index));
        Assert.True(Archive.Objects.TryRead(index.Finalization, out byte[]? data));
        Assert.True(SignedMessage.TryParse(data, out SignedMessage? message));
        Assert.True(message.TryOpen(next.VerificationKey, out Abandonment? said));
        Assert.Equal(AbandonReason.Restarted, said.Reason);
    }

    [Fact]
    public async Task Round_keys_are_collected_anew_when_a_member_replaces_its_key_meanwhile()
    {
        AgreedMember member = _agreement.Members[0];
        using SigningKey next = new PartyFolder(_layout.Member(member.Id)).CreateNextSigningKey();
        var desk = new CoordinatorDesk(_agreement, Archive, TimeProvider.System);
        await RunUntilAsync(desk, Phase.Keys, async () => await CarryAsync(RegistryChange.SetKeys, member.Account, next.VerificationKey.ToArray(), default));
        Assert.Equal(next.VerificationKey.Digest, desk.InForce.Find(member.Id)!.Key.Digest);
    }

    [Fact]
    public async Task Work_that_waits_for_a_member_is_begun_anew_when_the_member_is_suspended()
    {
        AgreedMember member = _agreement.Members[0];
        var watch = new RegistryWatch(_agreement, _gateway, _ => { }, TimeProvider.System, NullLogger.Instance);
        Task vote = Task.CompletedTask;
        await watch.UnderTheNewestAsync(
            async (now, stop) =>
            {
                if (now.Find(member.Id)!.Suspended)
                    return;
                vote = CarryAsync(RegistryChange.Suspend, member.Account, default, default);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            },
            _limit.Token);
        await vote;
        // Nor does the chain have to have an attestation that the contract takes no more.
        await OpenAsync();
        Assert.True(await _gateway.AwaitAttestationsAsync(default, [member.Id], TimeSpan.Zero, _limit.Token));
        Assert.False(await _gateway.AwaitAttestationsAsync(default, [_agreement.Members[1].Id], TimeSpan.Zero, _limit.Token));
    }

    [Fact]
    public async Task A_suspended_coordinator_waits_until_it_is_reinstated()
    {
        await CarryAsync(RegistryChange.Suspend, _agreement.Coordinator.Account, default, default);
        var watch = new RegistryWatch(_agreement, _gateway, _ => { }, TimeProvider.System, NullLogger.Instance);
        Task<(ConsortiumAgreement Agreement, ulong RegistryVersion)> quorum = watch.AwaitQuorumAsync(default, _limit.Token);
        await CarryAsync(RegistryChange.Reinstate, _agreement.Coordinator.Account, default, default);
        Assert.Equal(2UL, (await quorum).RegistryVersion);
    }

    [Fact]
    public async Task While_no_round_can_be_opened_callers_are_judged_by_the_newest_version()
    {
        await CarryAsync(RegistryChange.Suspend, _agreement.Coordinator.Account, default, default);
        var desk = new CoordinatorDesk(_agreement, Archive, TimeProvider.System);
        await RunWhileAsync(desk, async () =>
        {
            AgreedMember member = _agreement.Members[0];
            await CarryAsync(RegistryChange.Suspend, member.Account, default, default);
            await Judgement.AwaitAsync(desk, _board, member.Id, suspended: true, _limit.Token);
            await CarryAsync(RegistryChange.Reinstate, member.Account, default, default);
            await Judgement.AwaitAsync(desk, _board, member.Id, suspended: false, _limit.Token);
        });
    }

    [Fact]
    public async Task A_wait_between_rounds_follows_the_registry_and_is_no_longer_for_it()
    {
        AgreedMember member = _agreement.Members[0];
        var time = new SteppedTime();
        var followed = new List<bool>();
        Task vote = Task.CompletedTask;
        var watch = new RegistryWatch(_agreement, _gateway, Follow, time, NullLogger.Instance);
        await watch.WaitAsync(TimeSpan.FromHours(1), _limit.Token);
        await vote;
        Assert.Equal([false, true], followed);

        void Follow(ConsortiumAgreement now)
        {
            followed.Add(now.Find(member.Id)!.Suspended);
            if (followed[^1])
                time.Advance(TimeSpan.FromHours(1).TotalSeconds);
            else
                vote = CarryAsync(RegistryChange.Suspend, member.Account, default, default);
        }
    }

    // It could commit, and be named in no set: every node would end.
    [Fact]
    public async Task No_round_is_opened_while_a_member_is_active_that_the_agreement_does_not_name()
    {
        using LedgerAccount newcomer = LedgerAccount.Generate();
        using SigningKey key = SigningKey.Generate();
        await CarryAsync(RegistryChange.Admit, newcomer.Address, key.VerificationKey.ToArray(), default, PartyRole.Member);
        Assert.Equal([newcomer.Address], await _gateway.UnknownMembersAsync(_limit.Token));
        var watch = new RegistryWatch(_agreement, _gateway, _ => { }, TimeProvider.System, NullLogger.Instance);
        Task<(ConsortiumAgreement Agreement, ulong RegistryVersion)> quorum = watch.AwaitQuorumAsync(default, _limit.Token);
        await CarryAsync(RegistryChange.Suspend, newcomer.Address, default, default);
        Assert.Equal(2UL, (await quorum).RegistryVersion);
    }

    // Nor acted on when somebody executes them by hand, until the party's people accept just that.
    [Fact]
    public async Task Votes_that_are_not_signed_under_ML_DSA_are_not_executed()
    {
        EthereumAddress victim = _agreement.Members[0].Account;
        Assert.False(await TryCarryAsync([_agreement.Members[2]], RegistryChange.Suspend, victim, default, default));
        AgreedMember forger = _agreement.Members[1];
        using LedgerAccount account = new PartyFolder(_layout.Member(forger.Id)).ReadAccount(forger.Account);
        using RegistryLedger registry = RegistryLedger.Create(_ledger.Client, _ledger.Deployment, account, TimeProvider.System);
        ProposalRecord proposal = (await registry.ReadAsync(_limit.Token)).Proposals[0];
        _ = await registry.VoteAsync(proposal.Ballot(_agreement.Federation, registry.Deployment, support: true), new byte[SignedMessage.SignatureSizeInBytes], _limit.Token);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => VoteAndExecuteAsync(_agreement.Members[3], 0));
        Assert.Equal(0UL, (await _gateway.InForceAsync(_limit.Token)).RegistryVersion);
        var entry = new AcceptedProposal(0, (await registry.ExecuteAsync(0, _limit.Token)).TransactionHash);
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => _gateway.InForceAsync(_limit.Token));
        Assert.Contains($"\"acceptedProposals\": [\"{entry}\"]", refusal.Message, StringComparison.Ordinal);
        QfResult look = (await QfRun.ToEndAsync(["ledger", "proposals", "--json", "--agreement", _layout.Agreement, "--rpc", $"{_ledger.Endpoint}"])).Ended(0);
        JsonElement seen = Assert.Single(JsonElement.Parse(look.Output).EnumerateArray());
        Assert.Equal(($"{entry}", forger.Id.Name), (seen.GetProperty("execution").GetString(), seen.GetProperty("executedBy").GetString()));
        // The program is ended and started again.
        _gateway.Dispose();
        var told = new CollectedEvents();
        _gateway = await ConnectAsync(AcceptedProposals.Parse([$"{entry}"]), told);
        Assert.True((await _gateway.InForceAsync(_limit.Token)).Agreement.Members[0].Suspended);
        Assert.Equal(["ChangeAccepted"], told.All.Select(one => one.Name));
        Assert.Equal((1UL, 0UL, 3, 2), (told.All[0].Fields["Version"], told.All[0].Fields["Proposal"], told.All[0].Fields["Yes"], told.All[0].Fields["Signed"]));
        await StartsOnceAcceptedAsync(_layout.Coordinator, CoordinatorHost.RunAsync, entry);
        await StartsOnceAcceptedAsync(_layout.Member(forger.Id), MemberHost.RunAsync, entry);
        await OpenAsync();
        await RunUntilAsync(phase: Phase.Abandoned);
        await new ChainRecorder(_gateway, Archive).CaptureAsync(_limit.Token);
        await AuditAsync(entry);
    }

    // A program ends on the change, and goes on once the party's settings name it.
    private async Task StartsOnceAcceptedAsync(string folder, Func<string, ILoggerFactory, TimeProvider, CancellationToken, Task> run, AcceptedProposal entry)
    {
        string settings = new PartyFolder(folder).Settings;
        JsonNode json = JsonNode.Parse(File.ReadAllText(settings))!;
        json["ledgerRpc"] = $"{_ledger.Endpoint}";
        File.WriteAllText(settings, json.ToJsonString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        using var loggers = new StoppingLog("ChangeAccepted", stop);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => run(settings, loggers, TimeProvider.System, stop.Token));
        json["acceptedProposals"] = new JsonArray($"{entry}");
        File.WriteAllText(settings, json.ToJsonString());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run(settings, loggers, TimeProvider.System, stop.Token));
        Assert.False(_limit.IsCancellationRequested);
    }

    // Of a federation with a round under the version that accounts alone made: the one finding, what takes it away, and what does not.
    private async Task AuditAsync(AcceptedProposal entry)
    {
        AuditReport Audit(params AcceptedProposal[] accepted) =>
            ConsortiumAuditor.Run(AuditCommand.SourceOf(_layout), accepted: AcceptedProposals.Parse(accepted.Select(one => one.ToString())));

        AuditFinding finding = Assert.Single(Audit().AllFindings);
        Assert.Equal("registry version 1", finding.Subject);
        Assert.EndsWith($": qf audit verify --accept-proposal {entry}", finding.Problem, StringComparison.Ordinal);
        AuditReport accepted = Audit(entry);
        Assert.True(accepted.Verified);
        Assert.Equal("registry version 1", Assert.Single(accepted.Remarks).Subject);
        Assert.True(Assert.Single(accepted.Proposals).Accepted);
        // The finding stays, and what does not fit is one of its own.
        Assert.Equal(
            ["registry version 1", "proposal 0", "proposal 1"],
            Audit(entry with { Transaction = Digest.Of("other"u8) }, entry with { Number = 1 }).AllFindings.Select(one => one.Subject));

        QfResult text = (await QfRun.ToEndAsync(["audit", "verify", "--workspace", _layout.Root, "--accept-proposal", $"{entry}"])).Ended(0);
        Assert.Contains("remark, registry version 1: Proposal 0 was executed, but only 2 of its 3 yes votes are signed", text.Output, StringComparison.Ordinal);
        Assert.Contains("It was accepted by whoever ran this audit.", text.Output, StringComparison.Ordinal);
        Assert.Contains("VERIFIED: 1 rounds", text.Output, StringComparison.Ordinal);
        Assert.Contains("Accepted by whoever ran this audit, and not by signatures: proposal 0.", text.Output, StringComparison.Ordinal);
        JsonElement json = JsonSerializer.SerializeToElement(AuditText.Summary(accepted));
        Assert.EndsWith("accepted by whoever ran this audit.", Assert.Single(json.GetProperty("Remarks").EnumerateArray()).GetProperty("Text").GetString(), StringComparison.Ordinal);
        Assert.True(json.GetProperty("Proposals")[0].GetProperty("AcceptedByAuditor").GetBoolean());
    }

    [Fact]
    public async Task A_member_that_the_agreement_does_not_name_stops_nobody_by_committing()
    {
        using LedgerAccount newcomer = LedgerAccount.Generate();
        using SigningKey key = SigningKey.Generate();
        await CarryAsync(RegistryChange.Admit, newcomer.Address, key.VerificationKey.ToArray(), default, PartyRole.Member);
        await OpenAsync();
        using (RoundLedger ledger = RoundLedger.Create(_ledger.Client, _ledger.Deployment, newcomer, TimeProvider.System))
            _ = await ledger.CommitUpdateAsync(default, Digest.Of("u"u8), Digest.Of("s"u8), _limit.Token);
        RecordedRound round = await _gateway.ReadRoundAsync(default, _limit.Token);
        Assert.Equal((0, 1), (round.Commitments.Count, round.UnnamedCommitments));
        await RunUntilAsync(phase: Phase.Abandoned);
        Assert.Equal(RecordedPhase.Abandoned, (await _gateway.ReadRoundAsync(default, _limit.Token)).Phase);
    }

    private Task<LedgerGateway> ConnectAsync(AcceptedProposals accepted, ILogger logger) => LedgerGateway.ConnectAsync(
        _agreement, RpcEndpoint.Create(_ledger.Endpoint), accepted, _account, _folder.At("state"), TimeProvider.System, logger, _limit.Token);

    private Task RunUntilAsync(Phase phase) => RunUntilAsync(new CoordinatorDesk(_agreement, Archive, TimeProvider.System), phase, null);

    // Runs the coordinator until its first notice of a phase; with something to do then, until the second.
    private Task RunUntilAsync(CoordinatorDesk desk, Phase phase, Func<Task>? then) => RunWhileAsync(desk, async () =>
    {
        await foreach (RoundNotice notice in _board.FollowAsync(_limit.Token))
        {
            if (notice.Phase != phase)
                continue;
            if (then is null)
                break;
            await then();
            then = null;
        }
    });

    // Runs the coordinator until something is done.
    private async Task RunWhileAsync(CoordinatorDesk desk, Func<Task> work)
    {
        using PartyKeys keys = new(new PartyFolder(_layout.Coordinator));
        using MappedMemoryPool sums = new(_folder.At("state"));
        RoundArchive archive = Archive;
        var service = new CoordinatorService(
            _agreement, keys, _gateway, desk, _board, archive, new ChainRecorder(_gateway, archive),
            new RoundTimeline(new TrafficMeter(), TimeProvider.System, NullLogger.Instance), _folder.At("state"), sums, TimeProvider.System, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        Task run = service.RunAsync(stop.Token);
        await work();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private async Task OpenAsync()
    {
        using RoundLedger ledger = RoundLedger.Create(_ledger.Client, _ledger.Deployment, _account, TimeProvider.System);
        ulong now = (await ledger.HeadAsync(_limit.Token)).Timestamp;
        Digest model = await ledger.CurrentModelHashAsync(_limit.Token);
        _ = await ledger.OpenRoundAsync(default, Digest.Of("plan"u8), model, now + 600, 3, Digest.Of("s"u8), _limit.Token);
    }

    // All members but the first propose and vote: three of four are more than 66 percent. Of five, the first is needed too.
    private async Task CarryAsync(
        RegistryChange change, EthereumAddress account, ReadOnlyMemory<byte> signingKey, ReadOnlyMemory<byte> sealingKey, PartyRole? role = null) =>
        Assert.True(await TryCarryAsync(_agreement.Members.Skip(1).Append(_agreement.Members[0]), change, account, signingKey, sealingKey, role));

    private async Task<bool> TryCarryAsync(
        IEnumerable<AgreedMember> voters, RegistryChange change, EthereumAddress account, ReadOnlyMemory<byte> signingKey, ReadOnlyMemory<byte> sealingKey,
        PartyRole? role = null)
    {
        AgreedMember proposer = voters.First();
        using LedgerAccount own = new PartyFolder(_layout.Member(proposer.Id)).ReadAccount(proposer.Account);
        using RegistryVoting voting = RegistryVoting.Create(_agreement, _ledger.Client, new PartyFolder(_layout.Member(proposer.Id)), own, TimeProvider.System);
        ulong number = await voting.ProposeAsync(change, account, role, signingKey, sealingKey, _limit.Token);
        bool carried = await voting.TryExecuteAsync(number, _limit.Token);
        foreach (AgreedMember voter in voters.Skip(1))
            carried = carried || await VoteAndExecuteAsync(voter, number);
        return carried;
    }

    private async Task<bool> VoteAndExecuteAsync(AgreedMember member, ulong number)
    {
        var folder = new PartyFolder(_layout.Member(member.Id));
        using LedgerAccount voter = folder.ReadAccount(member.Account);
        using RegistryVoting voting = RegistryVoting.Create(_agreement, _ledger.Client, folder, voter, TimeProvider.System);
        await voting.VoteAsync(number, support: true, _limit.Token);
        return await voting.TryExecuteAsync(number, _limit.Token);
    }

    // Stops a party once it has said something.
    private sealed class StoppingLog(string name, CancellationTokenSource stop) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == name)
                stop.Cancel();
        }

        public void Dispose()
        {
        }
    }
}
