using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class LedgerDeployerTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contracts_stand_where_they_were_predicted_and_deploying_again_changes_nothing()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        using LedgerAccount deployer = LedgerAccount.Generate();
        LedgerDeployment first = await LedgerDeployer.DeployAsync(consortium.Client, deployer, consortium.Charter, Token);
        ulong head = (await consortium.Coordinator.HeadAsync(Token)).BlockNumber;
        Assert.Equal(LedgerDeployer.PredictFor(deployer.Address, AnvilFixture.ChainId), first);
        Assert.Equal(first, await LedgerDeployer.DeployAsync(consortium.Client, deployer, consortium.Charter, Token));
        Assert.Equal(head, (await consortium.Coordinator.HeadAsync(Token)).BlockNumber);
        Assert.Equal(head, await consortium.Coordinator.BlockNumberAsync(Token));
    }

    [Fact]
    public async Task Another_charter_chain_or_contract_is_noticed()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        ConsortiumCharter charter = consortium.Charter;
        LedgerDeployment deployment = consortium.Deployment;
        await LedgerDeployer.VerifyAsync(consortium.Client, deployment, charter, Token);
        Digest other = TestConsortium.Hash("other");
        CharterParty[] rekeyed = [charter.Members[0] with { SigningKeyHash = other }, .. charter.Members[1..]];
        ConsortiumCharter[] others =
        [
            ConsortiumCharter.Create(new FederationId(other), charter.AgreementHash, charter.Coordinator, charter.Members, charter.Voting, charter.InitialModelHash),
            ConsortiumCharter.Create(charter.FederationId, other, charter.Coordinator, charter.Members, charter.Voting, charter.InitialModelHash),
            ConsortiumCharter.Create(charter.FederationId, charter.AgreementHash, charter.Coordinator with { SigningKeyHash = other }, charter.Members, charter.Voting, charter.InitialModelHash),
            ConsortiumCharter.Create(charter.FederationId, charter.AgreementHash, charter.Coordinator, charter.Members[1..], charter.Voting, charter.InitialModelHash),
            ConsortiumCharter.Create(charter.FederationId, charter.AgreementHash, charter.Coordinator with { SealingKeyHash = other }, charter.Members, charter.Voting, charter.InitialModelHash),
            ConsortiumCharter.Create(charter.FederationId, charter.AgreementHash, charter.Coordinator, rekeyed, charter.Voting, charter.InitialModelHash),
            ConsortiumCharter.Create(charter.FederationId, charter.AgreementHash, charter.Coordinator, charter.Members, charter.Voting, other),
            ConsortiumCharter.Create(charter.FederationId, charter.AgreementHash, charter.Coordinator, charter.Members, charter.Voting with { QuorumPercent = 51 }, charter.InitialModelHash),
        ];
        foreach (ConsortiumCharter changed in others)
            await Assert.ThrowsAsync<LedgerMismatchException>(() => LedgerDeployer.VerifyAsync(consortium.Client, deployment, changed, Token));
        foreach (LedgerDeployment changed in new[]
            { deployment with { ChainId = 1 }, deployment with { Registry = deployment.Rounds }, deployment with { Rounds = deployment.Registry } })
            await Assert.ThrowsAsync<LedgerMismatchException>(() => LedgerDeployer.VerifyAsync(consortium.Client, changed, charter, Token));
    }

    [Fact]
    public void A_charter_without_members_or_with_shared_accounts_or_keys_is_refused()
    {
        FederationId id = new(TestConsortium.Hash("f"));
        Digest h = TestConsortium.Hash("h");
        CharterParty[] parties = [.. Enumerable.Range(1, 3).Select(i => new CharterParty(EthereumAddress.OfContract(default, (ulong)i), TestConsortium.Hash($"{i}")))];
        CharterParty coordinator = parties[0];
        Assert.Equal(2, ConsortiumCharter.Create(id, h, coordinator, parties[1..], VotingRules.Default, h).Members.Length);
        foreach (CharterParty[] members in new CharterParty[][]
        {
            [], parties, [parties[1], parties[1]], [parties[1], parties[2] with { SigningKeyHash = parties[1].SigningKeyHash }],
            [parties[1] with { SigningKeyHash = default }], [parties[1] with { Account = default }],
        })
            Assert.Throws<ArgumentException>(() => ConsortiumCharter.Create(id, h, coordinator, members, VotingRules.Default, h));
        Assert.Throws<ArgumentException>(() => ConsortiumCharter.Create(default, h, coordinator, parties[1..], VotingRules.Default, h));
    }
}
