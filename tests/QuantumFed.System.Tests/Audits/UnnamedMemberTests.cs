using QuantumFed.Audit;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.System.Tests;

/// <summary>The audit of a round in which a member committed that was admitted by vote, and so has no name in the agreement.</summary>
public sealed class UnnamedMemberTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly LedgerAccount _newcomer = LedgerAccount.Generate();
    private WorkspaceLayout _layout = null!;
    private ConsortiumAgreement _agreement = null!;
    private FoundedLedger _ledger = null!;
    private LedgerAccount _account = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RoundArchive Archive => new(_folder.At("archive"));

    public async ValueTask InitializeAsync()
    {
        Requires.PostQuantum();
        _layout = new WorkspaceLayout(_folder.At("w"));
        _agreement = SmallWorkspace.Found(_layout, 3);
        _ledger = await FoundedLedger.StartAsync(_layout, _agreement, 0, Token);
        _account = new PartyFolder(_layout.Coordinator).ReadAccount(_agreement.Coordinator.Account);
        await AdmitAsync();
        await CommitAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _account?.Dispose();
        _newcomer.Dispose();
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_coordinator_that_closes_the_round_with_it_is_found_out(bool excluded)
    {
        using (RoundLedger coordinator = LedgerOf(_account))
        {
            EthereumAddress[] named = [.. _agreement.Members.Select(member => member.Account)];
            _ = await coordinator.CloseRoundAsync(
                default, excluded ? named : named.Append(_newcomer.Address), excluded ? [new RoundExclusion(_newcomer.Address, 1)] : [], Digest.Of("set"u8),
                Digest.Of("s"u8), Token);
            _ = await coordinator.FinalizeRoundAsync(
                default, Digest.Of("transcript"u8), Digest.Of("model"u8), Digest.Of("metadata"u8), Digest.Of("s"u8), Token);
        }
        AuditReport report = await AuditAsync();
        Assert.False(report.Verified);
        Assert.Contains(
            new AuditFinding("round 0", $"The ledger names account {_newcomer.Address}, which is no member's in the agreement."), report.AllFindings);
    }

    [Fact]
    public async Task A_coordinator_that_gives_the_round_up_for_it_is_right()
    {
        var abandonment = new Abandonment(_agreement.Federation, default, AbandonReason.UnnamedMember, "A member committed that the agreement does not name.");
        SignedMessage message;
        using (SigningKey key = new PartyFolder(_layout.Coordinator).ReadSigningKey(_agreement.Coordinator.Key))
            message = SignedMessage.Sign(abandonment, _agreement.Coordinator.Id, key);
        Archive.Write(new RoundIndex(default, Archive.Objects.Put(message.ToArray()), new Dictionary<MemberId, Digest>()));
        using (RoundLedger coordinator = LedgerOf(_account))
            _ = await coordinator.AbandonRoundAsync(default, (byte)AbandonReason.UnnamedMember, message.SignatureDigest, Token);
        AuditReport report = await AuditAsync();
        Assert.Empty(report.AllFindings);
        Assert.Equal(RecordedPhase.Abandoned, Assert.Single(report.Rounds).Phase);
    }

    private async Task<AuditReport> AuditAsync()
    {
        var blocks = new List<Digest>();
        using RoundLedger reader = LedgerOf(null);
        await ChainArchive.CaptureAsync(
            _ledger.Client, 0, (await reader.HeadAsync(Token)).BlockNumber,
            (block, _) =>
            {
                blocks.Add(Archive.Objects.Put(block.CanonicalBytes.Span));
                return ValueTask.CompletedTask;
            },
            Token);
        Archive.WriteChain(blocks);
        return ConsortiumAuditor.Run(new AuditSource(_layout.Agreement, _layout.Consents, _folder.At("archive")));
    }

    private async Task AdmitAsync()
    {
        using SigningKey key = SigningKey.Generate();
        await MemberVotes.CarryAsync(
            _layout, _agreement, _ledger.Client, RegistryChange.Admit, _newcomer.Address, PartyRole.Member, key.VerificationKey.ToArray(), voters: [0, 1, 2], Token);
    }

    private async Task CommitAllAsync()
    {
        using RoundLedger coordinator = LedgerOf(_account), newcomer = LedgerOf(_newcomer);
        ulong now = (await coordinator.HeadAsync(Token)).Timestamp;
        _ = await coordinator.OpenRoundAsync(
            default, Digest.Of("plan"u8), await coordinator.CurrentModelHashAsync(Token), now + 600, 3, Digest.Of("s"u8), Token);
        _ = await newcomer.CommitUpdateAsync(default, Digest.Of("update"u8), Digest.Of("s"u8), Token);
        foreach (AgreedMember member in _agreement.Members)
        {
            using LedgerAccount own = new PartyFolder(_layout.Member(member.Id)).ReadAccount(member.Account);
            using RoundLedger ledger = LedgerOf(own);
            _ = await ledger.CommitUpdateAsync(default, Digest.Of("update"u8), Digest.Of("s"u8), Token);
        }
        _ = await coordinator.FreezeCommitmentsAsync(default, [], Token);
    }

    private RoundLedger LedgerOf(LedgerAccount? account) => RoundLedger.Create(_ledger.Client, _ledger.Deployment, account, TimeProvider.System);
}
