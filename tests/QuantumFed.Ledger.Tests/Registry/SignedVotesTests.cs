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
        await members[0].VerifyVotesAsync(_agreement, history, 0, Token);
        Assert.Equal(1UL, history.Current.Version);
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
        LedgerMismatchException refusal = await Assert.ThrowsAsync<LedgerMismatchException>(() => members[0].VerifyVotesAsync(_agreement, history, 0, Token));
        Assert.Contains("was not decided by signatures", refusal.Message, StringComparison.Ordinal);
        // What was checked before is not checked again.
        await members[0].VerifyVotesAsync(_agreement, history, 1, Token);
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
        await Assert.ThrowsAsync<LedgerMismatchException>(() => members[0].VerifyVotesAsync(_agreement, history, 0, Token));
    }

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
