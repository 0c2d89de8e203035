using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Changes of the registry that rest on ML-DSA signatures, and those that rest on accounts alone, which the contract cannot tell from each other.</summary>
public sealed class SignedVotesTests : IClassFixture<AnvilFixture>, IDisposable
{
    private static readonly byte[] Garbage = RandomNumberGenerator.GetBytes(SignedMessage.SignatureSizeInBytes);

    private readonly AnvilFixture _anvil;
    private readonly LedgerAccount[] _accounts = [.. Enumerable.Range(0, 4).Select(_ => LedgerAccount.Generate())];
    private readonly SigningKey[] _keys = [];
    private readonly ConsortiumAgreement _agreement = null!;
    private readonly JsonRpcClient _client;

    public SignedVotesTests(AnvilFixture anvil)
    {
        _anvil = anvil;
        _client = JsonRpcClient.Create(anvil.Endpoint, TimeProvider.System);
        Assert.SkipUnless(SigningKey.IsSupported, "needs ML-DSA: OpenSSL 3.5 or newer (LD_LIBRARY_PATH)");
        _keys = [.. _accounts.Select(_ => SigningKey.Generate())];
        _agreement = Agreement(default);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        foreach (IDisposable secret in _accounts.Concat<IDisposable>(_keys))
            secret.Dispose();
    }

    [Fact]
    public async Task A_change_that_enough_members_signed_counts_whatever_else_was_cast()
    {
        RegistryLedger[] members = await DeployAsync();
        RegistryProposal words = Words(members[0].Deployment);
        await members[0].ProposeAsync(words, default, default, _keys[0].Sign(RecordKind.RegistryProposal, RecordBytes.Of(words)), Token);
        await VoteAsync(members, 0, words, support: true, hasSigned: true);
        await VoteAsync(members, 1, words, support: true, hasSigned: true);
        await VoteAsync(members, 2, words, support: false, hasSigned: false);
        await members[0].ExecuteAsync(0, Token);
        RegistryHistory history = await members[0].ReadAsync(Token);
        Assert.Empty(await members[0].VerifyVotesAsync(_agreement, history, 0, AcceptedProposals.None, Token));
        Assert.Equal(1UL, history.Current.Version);
        // Nothing needed to be accepted, and nothing is: whoever does it all the same, with the right transaction, spoils nothing.
        Assert.Empty(await members[0].VerifyVotesAsync(_agreement, history, 0, Accept(AcceptedProposal.Of(history.Proposals[0])), Token));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_change_that_rests_on_accounts_alone_is_not_acted_on(bool isProposed, bool isVoted)
    {
        RegistryLedger[] members = await DeployAsync();
        RegistryProposal words = Words(members[0].Deployment);
        await members[0].ProposeAsync(words, default, default, isProposed ? _keys[0].Sign(RecordKind.RegistryProposal, RecordBytes.Of(words)) : Garbage, Token);
        await VoteAsync(members, 0, words, support: true, hasSigned: true);
        await VoteAsync(members, 1, words, support: true, hasSigned: isVoted);
        await members[2].ExecuteAsync(0, Token);
        RegistryHistory history = await members[0].ReadAsync(Token);
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => members[0].VerifyVotesAsync(_agreement, history, 0, AcceptedProposals.None, Token));
        Assert.Contains("was not decided by signatures", refusal.Message, StringComparison.Ordinal);
        // What was checked before is not checked again.
        await members[0].VerifyVotesAsync(_agreement, history, 1, AcceptedProposals.None, Token);
        // The refusal says whose fault it is and what to do, and doing that lets just this change through.
        Assert.Contains(isProposed ? "only 1 of its 2 yes votes are signed under ML-DSA (not those of member-1)" : "its proposer member-0 did not sign it", refusal.Message, StringComparison.Ordinal);
        AcceptedProposal entry = AcceptedProposal.Of(history.Proposals[0]);
        Assert.Contains($"\"acceptedProposals\": [\"{entry}\"]", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("qf ledger proposals", refusal.Message, StringComparison.Ordinal);
        UnsignedChange change = Assert.Single(await members[0].VerifyVotesAsync(_agreement, history, 0, Accept(entry), Token));
        Assert.Equal((0UL, isProposed, isVoted ? 2 : 1, 2), (change.Proposal.Number, change.IsProposed, change.WithSignature.Length, change.Yes));
    }

    [Fact]
    public async Task An_acceptance_lets_no_other_proposal_and_no_other_execution_through()
    {
        RegistryLedger[] members = await DeployAsync();
        RegistryHistory before = await members[0].ReadAsync(Token);
        RegistryProposal first = Words(members[0].Deployment);
        // The third is signed: the members go on deciding, on top of what was not.
        foreach (RegistryProposal words in new[] { first, first with { Number = 1, Change = RegistryChange.Reinstate }, first with { Number = 2 } })
        {
            await members[0].ProposeAsync(
                words, default, default, words.Number < 2 ? Garbage : _keys[0].Sign(RecordKind.RegistryProposal, RecordBytes.Of(words)), Token);
            await VoteAsync(members, 0, words, support: true, hasSigned: true);
            await VoteAsync(members, 1, words, support: true, hasSigned: true);
            await members[2].ExecuteAsync(words.Number, Token);
        }
        RegistryHistory history = await members[0].ReadAsync(Token);
        AcceptedProposal[] right = [.. history.Proposals.Select(AcceptedProposal.Of)];
        Assert.Equal([0UL, 1], (await members[0].VerifyVotesAsync(_agreement, history, 0, Accept(right), Token)).Select(change => change.Proposal.Number));

        // The other one is refused, and the setting that is shown keeps what was there.
        string other = (await RefusedAsync(0, right[0])).Message;
        Assert.Contains("version 2 (proposal 1: reinstate coordinator) was not decided by signatures", other, StringComparison.Ordinal);
        Assert.DoesNotContain("version 1 (", other, StringComparison.Ordinal);
        Assert.Contains($"[\"{right[0]}\", \"{right[1]}\"]", other, StringComparison.Ordinal);

        // A wrong hash is an error wherever it stands: also where the proposal was checked long ago.
        foreach (ulong from in new[] { 0UL, 3UL })
            Assert.Contains("a slip, or not the ledger", (await RefusedAsync(from, right[0] with { Transaction = right[1].Transaction }, right[1])).Message, StringComparison.Ordinal);

        // Nothing is accepted before it happened: who executes it could still choose what it says.
        var later = new AcceptedProposal(3, right[0].Transaction);
        Assert.Equal([later], Accept(right[0], right[1], later).NotExecuted(history));
        Assert.Equal(3, Accept(right[0], right[1], later).NotExecuted(before).Count());
        Assert.Contains("this ledger has not executed proposal 3", (await RefusedAsync(0, right[0], right[1], later)).Message, StringComparison.Ordinal);

        Task<LedgerMismatchException> RefusedAsync(ulong from, params AcceptedProposal[] entries) =>
            Assert.ThrowsAsync<LedgerMismatchException>(() => members[0].VerifyVotesAsync(_agreement, history, from, Accept(entries), Token));
    }

    [Fact]
    public async Task A_signature_for_another_vote_or_of_another_member_is_none()
    {
        RegistryLedger[] members = await DeployAsync();
        RegistryProposal words = Words(members[0].Deployment);
        await members[0].ProposeAsync(words, default, default, _keys[0].Sign(RecordKind.RegistryProposal, RecordBytes.Of(words)), Token);
        await VoteAsync(members, 0, words, support: true, hasSigned: true);
        // A no that is passed off as a yes.
        byte[] no = _keys[1].Sign(RecordKind.RegistryVote, RecordBytes.Of(Ballot(words, support: false)));
        await members[1].VoteAsync(Ballot(words, support: true), no, Token);
        await members[2].ExecuteAsync(0, Token);
        RegistryHistory history = await members[0].ReadAsync(Token);
        await Assert.ThrowsAsync<LedgerMismatchException>(() => members[0].VerifyVotesAsync(_agreement, history, 0, AcceptedProposals.None, Token));
    }

    private static AcceptedProposals Accept(params AcceptedProposal[] entries) => AcceptedProposals.Parse(entries.Select(entry => entry.ToString()));

    private static RegistryVote Ballot(RegistryProposal words, bool support) =>
        new(words.Federation, words.ChainId, words.Registry, words.Number, RecordBytes.DigestOf(words), support);

    private async Task VoteAsync(RegistryLedger[] members, int member, RegistryProposal words, bool support, bool hasSigned)
    {
        RegistryVote ballot = Ballot(words, support);
        await members[member].VoteAsync(ballot, hasSigned ? _keys[member].Sign(RecordKind.RegistryVote, RecordBytes.Of(ballot)) : Garbage, Token);
    }

    // The fourth account is the coordinator's. Of three members, two are more than 66 percent.
    private RegistryProposal Words(LedgerDeployment deployment) => new(
        _agreement.Federation, deployment.ChainId, deployment.Registry, 0, RegistryChange.Suspend, _accounts[3].Address, null, default, default);

    private async Task<RegistryLedger[]> DeployAsync()
    {
        using LedgerAccount deployer = LedgerAccount.Generate();
        LedgerDeployment deployment = await LedgerDeployer.DeployAsync(
            _client, deployer, RecordedRounds.CharterOf(_agreement, Digest.Of("model"u8)), Token);
        return [.. _accounts[..3].Select(account => RegistryLedger.Create(_client, deployment, account, TimeProvider.System))];
    }

    private ConsortiumAgreement Agreement(EthereumAddress contract) => AgreementFile.Create(
        new FederationId(Digest.Of("federation"u8)),
        new AgreedLedger(AnvilFixture.ChainId, contract, contract, contract, DevelopmentChain: true, VotingRules.Default),
        new AgreedCoordinator(MemberId.Parse("coordinator"), _accounts[3].Address, _keys[3].VerificationKey, new byte[1184]),
        Enumerable.Range(0, 3).Select(i => new AgreedMember(MemberId.Parse($"member-{i}"), _accounts[i].Address, _keys[i].VerificationKey)),
        threshold: 2, minParticipants: 3, toleratedColluders: 0,
        new LearningTask
        {
            Dataset = "synthetic", Method = TrainingMethod.Newton, Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0), Features = ["age"], Magnitudes = [7],
            Standardise = Standardise.Federated, L2 = 1, Rounds = 10, Averaging = null,
        },
        TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));
}
