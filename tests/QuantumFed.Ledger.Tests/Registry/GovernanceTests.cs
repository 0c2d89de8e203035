using System.Collections.Immutable;
using QuantumFed.Protocol;
using static QuantumFed.Ledger.Tests.TestConsortium;

namespace QuantumFed.Ledger.Tests;

/// <summary>Members change the registry by vote, and rounds follow it: on a live chain, and the same from archived blocks.</summary>
public sealed class GovernanceTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>
{
    private static readonly byte[] NewKey = [.. Enumerable.Repeat((byte)7, VerificationKey.SizeInBytes)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_founding_set_is_version_0()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        RegistryHistory history = await governance.Members[0].ReadAsync(Token);
        Assert.Equal(0UL, await governance.Members[0].VersionAsync(Token));
        Assert.Equal(consortium.Charter.FederationId, history.FederationId);
        Assert.Equal(consortium.Charter.AgreementHash, history.AgreementHash);
        Assert.Equal(VotingRules.Default, history.Rules);
        Assert.Equal(consortium.Addresses, history.Current.ActiveMembers.Select(member => member.Account));
        Assert.Equal(consortium.CoordinatorAccount.Address, history.Current.Coordinator!.Account);
        Assert.Equal(consortium.Charter.Members[0].SigningKeyHash, history.Current.Find(consortium.Addresses[0])!.SigningKeyHash);
        Assert.Empty(history.Proposals);
    }

    [Fact]
    public async Task A_member_suspended_by_vote_commits_no_more_and_the_others_go_on()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        await consortium.FinalizeAsync(0);
        RoundRecord before = (await consortium.Coordinator.ReadRoundAsync(default, Token))!;
        await governance.CarryAsync(RegistryChange.Suspend, consortium.Addresses[3]);
        await consortium.OpenAsync(1, "model 1");
        await AssertRefused("NotActiveMember", () => consortium.CommitAsync(1, 3));
        for (int member = 0; member < 3; member++)
            await consortium.CommitAsync(1, member);
        // Three are all there are now: no witness is needed, since the round was opened under this version.
        await consortium.Coordinator.FreezeCommitmentsAsync(new RoundId(1), [], Token);
        RoundRecord after = (await consortium.Coordinator.ReadRoundAsync(new RoundId(1), Token))!;
        Assert.Equal((0UL, 1UL), (before.RegistryVersion, after.RegistryVersion));
        Assert.Equal(before, await consortium.Coordinator.ReadRoundAsync(default, Token));
        Assert.Contains(consortium.Addresses[3], before.Commitments.Keys);
        await AssertOfflineIsTheSameAsync(consortium, governance);
    }

    [Fact]
    public async Task A_round_that_a_change_overtakes_is_frozen_on_a_witness_of_who_is_active()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        EthereumAddress[] all = consortium.Addresses;
        await consortium.OpenAsync(0);
        for (int member = 0; member < 2; member++)
            await consortium.CommitAsync(0, member);
        await governance.CarryAsync(RegistryChange.Suspend, all[3]);
        RoundId round = default;
        await AssertRefused("WitnessMissing", () => consortium.Coordinator.FreezeCommitmentsAsync(round, [], Token));
        await AssertRefused("WitnessMissing", () => consortium.Coordinator.FreezeCommitmentsAsync(round, all, Token));
        await AssertRefused("NotWaitedFor", () => consortium.Coordinator.FreezeCommitmentsAsync(round, [all[0], all[1], all[3]], Token));
        await AssertRefused("DeadlineNotReached", () => consortium.Coordinator.FreezeCommitmentsAsync(round, all[..3], Token));
        await consortium.CommitAsync(0, 2);
        await consortium.Coordinator.FreezeCommitmentsAsync(round, all[..3].Reverse(), Token);
        await AssertOfflineIsTheSameAsync(consortium, governance);
    }

    [Fact]
    public async Task Who_is_admitted_or_reinstated_during_a_round_has_no_part_in_it()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        using LedgerAccount newcomer = LedgerAccount.Generate();
        using RoundLedger newcomersLedger = consortium.LedgerOf(newcomer);
        await governance.CarryAsync(RegistryChange.Suspend, consortium.Addresses[3]);
        await consortium.OpenAsync(0);
        await governance.CarryAsync(RegistryChange.Admit, newcomer.Address, PartyRole.Member, NewKey);
        await governance.CarryAsync(RegistryChange.Reinstate, consortium.Addresses[3]);
        await AssertRefused("NotOfThisRound", () => newcomersLedger.CommitUpdateAsync(default, Hash("u"), Hash("s"), Token));
        await AssertRefused("NotOfThisRound", () => consortium.CommitAsync(0, 3));
        for (int member = 0; member < 3; member++)
            await consortium.CommitAsync(0, member);
        await consortium.Coordinator.FreezeCommitmentsAsync(default, [.. consortium.Addresses, newcomer.Address], Token);
        await consortium.Coordinator.CloseRoundAsync(default, consortium.Addresses[..3], [], Hash("set"), Hash("s"), Token);
        await consortium.Coordinator.FinalizeRoundAsync(default, Hash("t"), Hash("model 1"), Hash("metadata"), Hash("s"), Token);
        await AssertRefused("NotOfThisRound", () => newcomersLedger.AttestAsync(default, Hash("model 1"), Hash("s"), Token));
        // From the next round on they are members like the others.
        await consortium.OpenAsync(1, "model 1");
        await newcomersLedger.CommitUpdateAsync(new RoundId(1), Hash("u"), Hash("s"), Token);
        await consortium.CommitAsync(1, 3);
        RegistryParty party = (await governance.Members[0].ReadAsync(Token)).Current.Find(newcomer.Address)!;
        Assert.Equal(NewKey, party.SigningKey.ToArray());
        Assert.Equal(Digest.Of(NewKey), party.SigningKeyHash);
        await AssertOfflineIsTheSameAsync(consortium, governance);
    }

    [Fact]
    public async Task Steps_taken_again_change_nothing_and_say_so()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        RegistryProposal words = governance.Words(0, RegistryChange.Suspend, consortium.Addresses[3]);
        Task<LedgerReceipt> Propose() => governance.Members[0].ProposeAsync(words, default, default, TestGovernance.Signature, Token);
        LedgerReceipt first = await Propose(), again = await Propose();
        Assert.Equal((false, true, first.TransactionHash), (first.AlreadyApplied, again.AlreadyApplied, again.TransactionHash));
        await AssertRefused(
            "WrongProposalNumber", () => governance.Members[1].ProposeAsync(words, default, default, TestGovernance.Signature, Token));
        await AssertRefused("QuorumMissed", () => governance.Members[0].ExecuteAsync(0, Token));
        for (int member = 0; member < 3; member++)
        {
            Assert.False((await governance.VoteAsync(member, 0)).AlreadyApplied);
            Assert.True((await governance.VoteAsync(member, 0)).AlreadyApplied);
            await AssertRefused("AlreadyVoted", () => governance.VoteAsync(member, 0, support: false));
        }
        Assert.False((await governance.Coordinator.ExecuteAsync(0, Token)).AlreadyApplied);
        Assert.True((await governance.Members[1].ExecuteAsync(0, Token)).AlreadyApplied);
        await AssertRefused("UnknownProposal", () => governance.VoteAsync(0, 5));
        RegistryHistory history = await governance.Members[0].ReadAsync(Token);
        Assert.Equal(1UL, history.Current.Version);
        Assert.Equal(3, history.Proposals[0].Execution!.Yes);
        Assert.Equal(TestGovernance.Signature, await governance.Members[0].SignatureOfAsync(history.Proposals[0].Step, Token));
        Assert.Equal(TestGovernance.Signature, await governance.Members[0].SignatureOfAsync(history.Proposals[0].Votes[1].Step, Token));
        Assert.Null(await governance.Members[0].SignatureOfAsync(history.Proposals[0].Execution!.Step, Token));
        using RegistryLedger reader = governance.Of(null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.ExecuteAsync(0, Token));
    }

    [Fact]
    public async Task A_party_changes_its_own_keys_only_with_the_members_consent()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        EthereumAddress coordinator = consortium.CoordinatorAccount.Address;
        byte[] sealing = [.. Enumerable.Repeat((byte)8, 1184)];
        await AssertRefused("NotActiveMember", () => governance.ProposeAsync(governance.Coordinator, RegistryChange.Suspend, consortium.Addresses[0]));
        await governance.ProposeAsync(governance.Coordinator, RegistryChange.SetKeys, coordinator, null, NewKey, sealing);
        await governance.VoteAsync(0, 0);
        await governance.VoteAsync(1, 0);
        await AssertRefused("ThresholdMissed", () => governance.Coordinator.ExecuteAsync(0, Token));
        await governance.VoteAsync(2, 0);
        await governance.Coordinator.ExecuteAsync(0, Token);
        RegistryHistory history = await governance.Members[0].ReadAsync(Token);
        Assert.Equal((Digest.Of(NewKey), Digest.Of(sealing)), (history.Current.Find(coordinator)!.SigningKeyHash, history.Current.Find(coordinator)!.SealingKeyHash));
        Assert.Equal(consortium.Charter.Coordinator.SigningKeyHash, history.At(0)!.Find(coordinator)!.SigningKeyHash);
        await AssertRefused("KeyRepeated", () => governance.ProposeAsync(governance.Members[0], RegistryChange.SetKeys, consortium.Addresses[0], null, NewKey));
        await AssertOfflineIsTheSameAsync(consortium, governance);
    }

    [Fact]
    public async Task A_step_that_stands_already_counts_no_sooner_than_another()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        await using FaultyProxy proxy = new(anvil.Endpoint, (_, _) => ProxyFault.None);
        using JsonRpcClient client = JsonRpcClient.Create(proxy.Endpoint, TimeProvider.System);
        using RegistryLedger again = RegistryLedger.Create(
            client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System, new TransactionOptions { Confirmations = 1 });
        RegistryProposal words = governance.Words(0, RegistryChange.Suspend, consortium.Addresses[3]);
        await governance.Members[0].ProposeAsync(words, default, default, TestGovernance.Signature, Token);
        int asked = 0;
        proxy.BeforeForwarding = methods =>
        {
            if (methods.Contains("eth_getTransactionReceipt"))
                Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        };
        Task<LedgerReceipt> waiting = again.ProposeAsync(words, default, default, TestGovernance.Signature, Token);
        while (Volatile.Read(ref asked) < 3 && !waiting.IsCompleted)
            await Task.Yield();
        Assert.False(waiting.IsCompleted, "Its block is the newest.");
        await consortium.MineAsync();
        Assert.True((await waiting).AlreadyApplied);
    }

    [Fact]
    public async Task Ceremonies_are_told_in_order_and_offline_too()
    {
        using TestConsortium consortium = await FoundAsync(anvil.Endpoint);
        using TestGovernance governance = new(consortium);
        Assert.False((await consortium.Members[2].RecordCeremonyAsync(CeremonyKind.QuantumLink, Hash("minutes"), Hash("s"), Token)).AlreadyApplied);
        Assert.True((await consortium.Members[2].RecordCeremonyAsync(CeremonyKind.QuantumLink, Hash("minutes"), Hash("s"), Token)).AlreadyApplied);
        await consortium.Coordinator.RecordCeremonyAsync(CeremonyKind.Destruction, Hash("minutes"), Hash("s"), Token);
        IReadOnlyList<CeremonyRecord> ceremonies = await consortium.Coordinator.ReadCeremoniesAsync(Token);
        Assert.Equal([(consortium.Addresses[2], CeremonyKind.QuantumLink), (consortium.CoordinatorAccount.Address, CeremonyKind.Destruction)],
            ceremonies.Select(ceremony => (ceremony.By, ceremony.About)));
        OfflineChain chain = await ChainAsync(consortium);
        Assert.True(chain.TryReadCeremonies(consortium.Deployment, out ImmutableArray<CeremonyRecord> offline, out string? failure), failure);
        Assert.Equal(ceremonies, offline);
    }

    private static async Task AssertRefused(string error, Func<Task> step) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<LedgerRejectedException>(step)).ErrorName);

    private static async Task<OfflineChain> ChainAsync(TestConsortium consortium)
    {
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        return OfflineChain.TryVerify(blocks, AnvilFixture.ChainId, out OfflineChain? chain, out string? failure) ? chain : throw new InvalidDataException(failure);
    }

    private static async Task AssertOfflineIsTheSameAsync(TestConsortium consortium, TestGovernance governance)
    {
        OfflineChain chain = await ChainAsync(consortium);
        Assert.True(chain.TryReadRegistry(consortium.Deployment, out OfflineRegistry? registry, out string? failure), failure);
        RegistryHistory live = await governance.Members[0].ReadAsync(Token);
        Assert.Equal(live.Versions.Length, registry.History.Versions.Length);
        for (int version = 0; version < live.Versions.Length; version++)
            Assert.Equal(Facts(live.Versions[version]), Facts(registry.History.Versions[version]));
        Assert.Equal(live.Proposals.Select(proposal => (proposal.Step, proposal.Votes.Length, proposal.Execution)),
            registry.History.Proposals.Select(proposal => (proposal.Step, proposal.Votes.Length, proposal.Execution)));
        Assert.All(registry.History.Proposals, proposal => Assert.Equal(TestGovernance.Signature, registry.SignatureOf(proposal.Step).ToArray()));
        Assert.True(chain.TryReadRounds(consortium.Deployment, out ImmutableArray<RoundRecord> records, out failure), failure);
        foreach (RoundRecord record in records)
            Assert.Equal(await consortium.Coordinator.ReadRoundAsync(record.Round, Token), record);
    }

    private static IEnumerable<(EthereumAddress, PartyRole, PartyStatus, ulong, Digest, Digest)> Facts(RegistryState state) => state.Parties.Values.Select(party =>
        (party.Account, party.Role, party.Status, party.Since, party.SigningKeyHash, party.SealingKeyHash));
}
