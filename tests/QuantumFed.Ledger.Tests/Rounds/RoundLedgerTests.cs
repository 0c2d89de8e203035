using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class RoundLedgerTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>
{
    private static RoundId First => default;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Digest Hash(string text) => TestConsortium.Hash(text);

    [Fact]
    public async Task A_round_lives_from_opening_to_attestation()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        Assert.Null(await consortium.Coordinator.ReadRoundAsync(First, Token));
        Assert.Equal(0UL, await consortium.Coordinator.NextRoundAsync(Token));
        LedgerReceipt final = await consortium.FinalizeAsync(0);
        Assert.False(final.AlreadyApplied);
        foreach (RoundLedger member in consortium.Members)
            await member.AttestAsync(First, Hash("model 1"), Hash("attesting"), Token);
        await consortium.Members[0].DisputeAsync(First, Hash("evidence"), Hash("disputing"), Token);

        RoundRecord record = (await consortium.LedgerOf(null).ReadRoundAsync(First, Token))!;
        EthereumAddress[] all = consortium.Addresses;
        Assert.Equal(RoundPhase.Finalized, record.Phase);
        Assert.Equal(Hash("plan 0"), record.PlanHash);
        Assert.Equal(Hash("model 0"), record.PreviousModelHash);
        Assert.Equal(3, record.MinParticipants);
        Assert.Equal(all, record.Commitments.Keys);
        Assert.Equal(Hash("update 0 2"), record.Commitments[all[2]].Commitment);
        Assert.Equal(Hash("commitment's signature 2"), record.Commitments[all[2]].Step.SignatureHash);
        Assert.Equal([all[0], all[1], all[3]], record.Participants);
        Assert.Equal([new RoundExclusion(all[2], 5)], record.Exclusions);
        Assert.Equal(Hash("set"), record.SetHash);
        Assert.Equal(Hash("transcript"), record.TranscriptRoot);
        Assert.Equal(Hash("model 1"), record.ModelHash);
        Assert.Equal(all, record.Attestations.Keys);
        Assert.Equal(Hash("evidence"), Assert.Single(record.Disputes).EvidenceHash);
        Assert.Equal(Hash("opening"), record.Opened.SignatureHash);
        Assert.Equal(final.TransactionHash, record.Ended!.Value.TransactionHash);
        Assert.Equal(final.BlockNumber, record.Ended.Value.BlockNumber);
        Assert.Equal(await consortium.Coordinator.BlockHashAsync(record.Opened.BlockNumber - 1, Token), record.SeedBlockHash);
        Assert.Equal(final.BlockHash, await consortium.Coordinator.BlockHashAsync(final.BlockNumber, Token));
        Assert.Equal(1UL, await consortium.Coordinator.NextRoundAsync(Token));
        Assert.Equal(Hash("model 1"), await consortium.Coordinator.CurrentModelHashAsync(Token));
        await consortium.OpenAsync(1, "model 1");
    }

    [Fact]
    public async Task A_failed_round_keeps_the_model_and_an_abandoned_one_its_number()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.CloseAsync(0);
        await consortium.Coordinator.FailRoundAsync(First, Hash("transcript"), Hash("failing"), Token);
        await consortium.OpenAsync(1);
        await consortium.Coordinator.AbandonRoundAsync(new RoundId(1), 9, Hash("abandoning"), Token);
        RoundRecord failed = (await consortium.Coordinator.ReadRoundAsync(First, Token))!;
        RoundRecord abandoned = (await consortium.Coordinator.ReadRoundAsync(new RoundId(1), Token))!;
        Assert.Equal(RoundPhase.Failed, failed.Phase);
        Assert.True(failed.ModelHash.IsZero);
        Assert.Equal(RoundPhase.Abandoned, abandoned.Phase);
        Assert.Equal(9, abandoned.AbandonReason);
        Assert.NotEqual(failed.HistoryHead, abandoned.HistoryHead);
        Assert.Equal(Hash("model 0"), await consortium.Coordinator.CurrentModelHashAsync(Token));
        Assert.Equal(2UL, await consortium.Coordinator.NextRoundAsync(Token));
    }

    [Fact]
    public async Task A_step_taken_again_says_that_it_stands_already()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        ulong deadline = await consortium.DeadlineAsync();
        Task<LedgerReceipt> Open() => consortium.Coordinator.OpenRoundAsync(First, Hash("plan"), Hash("model 0"), deadline, 3, Hash("s"), Token);
        await AppliesOnceAsync(Open);
        for (int member = 0; member < 4; member++)
            await AppliesOnceAsync(() => consortium.CommitAsync(0, member));
        await AppliesOnceAsync(() => consortium.Coordinator.FreezeCommitmentsAsync(First, [], Token));
        Assert.True((await consortium.Members[1].FreezeCommitmentsAsync(First, [], Token)).AlreadyApplied);
        await AppliesOnceAsync(() => consortium.Coordinator.CloseRoundAsync(First, consortium.Addresses, [], Hash("set"), Hash("s"), Token));
        await AppliesOnceAsync(() => consortium.Members[2].ReportLinkAsync(First, LinkOutcome.Withheld, Hash("r"), Hash("s"), Token));
        await AppliesOnceAsync(() => consortium.Members[3].ReportLinkAsync(First, LinkOutcome.Withheld, Hash("r"), Hash("s"), Token));
        await AppliesOnceAsync(() => consortium.Coordinator.FinalizeRoundAsync(First, Hash("t"), Hash("m"), Hash("metadata"), Hash("s"), Token));
        await AppliesOnceAsync(() => consortium.Members[0].AttestAsync(First, Hash("m"), Hash("s"), Token));
        await AppliesOnceAsync(() => consortium.Members[0].DisputeAsync(First, Hash("e"), Hash("s"), Token));
        // Another plan under the same number is no repetition.
        LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(
            () => consortium.Coordinator.OpenRoundAsync(First, Hash("another"), Hash("model 0"), deadline, 3, Hash("s"), Token));
        Assert.Equal("WrongRoundNumber", refusal.ErrorName);
    }

    [Fact]
    public async Task Every_refusal_is_named()
    {
        HashSet<string> seen = [];
        async Task Refused(string error, Func<Task> step)
        {
            LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(step);
            Assert.Equal(error, refusal.ErrorName);
            Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
            seen.Add(error);
        }

        using TestConsortium c = await TestConsortium.FoundAsync(anvil.Endpoint);
        using LedgerAccount strangersAccount = LedgerAccount.Generate();
        using RoundLedger stranger = c.LedgerOf(strangersAccount);
        EthereumAddress[] all = c.Addresses;
        ulong deadline = await c.DeadlineAsync();
        Digest s = Hash("s");
        Task Open(RoundLedger who, ulong round, string model, ulong until, int least, Digest plan) =>
            who.OpenRoundAsync(new RoundId(round), plan, Hash(model), until, least, s, Token);
        Task Close(EthereumAddress[] set, RoundExclusion[] excluded) => c.Coordinator.CloseRoundAsync(First, set, excluded, Hash("set"), s, Token);

        await Refused("NotCoordinator", () => Open(c.Members[0], 0, "model 0", deadline, 3, s));
        await Refused("WrongRoundNumber", () => Open(c.Coordinator, 1, "model 0", deadline, 3, s));
        await Refused("WrongModel", () => Open(c.Coordinator, 0, "model 9", deadline, 3, s));
        await Refused("DeadlinePassed", () => Open(c.Coordinator, 0, "model 0", 1, 3, s));
        await Refused("MinParticipantsOutOfRange", () => Open(c.Coordinator, 0, "model 0", deadline, 2, s));
        await Refused("ZeroHash", () => Open(c.Coordinator, 0, "model 0", deadline, 3, default));
        await Open(c.Coordinator, 0, "model 0", deadline, 3, s);
        await Refused("PreviousRoundUnfinished", () => Open(c.Coordinator, 1, "model 0", deadline, 3, s));
        await Refused("NotActiveMember", () => stranger.CommitUpdateAsync(First, s, s, Token));
        await Refused("NotOfConsortium", () => stranger.FreezeCommitmentsAsync(First, [], Token));
        await Refused("DeadlineNotReached", () => c.Coordinator.FreezeCommitmentsAsync(First, [], Token));
        await Refused("ZeroReason", () => c.Coordinator.AbandonRoundAsync(First, 0, s, Token));
        await Refused("WrongPhase", () => Close(all, []));
        for (int member = 0; member < 4; member++)
            await c.CommitAsync(0, member);
        await Refused("AlreadyCommitted", () => c.Members[0].CommitUpdateAsync(First, Hash("another"), s, Token));
        await Refused("UnknownOutcome", () => c.Members[0].ReportLinkAsync(First, (LinkOutcome)3, Hash("r"), s, Token));
        await c.Members[0].ReportLinkAsync(First, LinkOutcome.Downgraded, Hash("r"), s, Token);
        // Neither another report nor another outcome is a repetition.
        await Refused("AlreadyReported", () => c.Members[0].ReportLinkAsync(First, LinkOutcome.Downgraded, Hash("another"), s, Token));
        await Refused("AlreadyReported", () => c.Members[0].ReportLinkAsync(First, LinkOutcome.Withheld, Hash("r"), s, Token));
        await c.Coordinator.FreezeCommitmentsAsync(First, [], Token);
        await Refused("TooFewParticipants", () => Close(all[..2], [new(all[2], 1), new(all[3], 1)]));
        await Refused("CommittersMissing", () => Close(all[..3], []));
        await Refused("NotAscending", () => Close([all[0], all[0], all[1], all[2]], []));
        await Refused("NotCommitted", () => Close([all[0], all[1], all[2], strangersAccount.Address], []));
        await Refused("InBothLists", () => Close(all[..3], [new(all[0], 1)]));
        await Close(all, []);
        await c.Coordinator.FinalizeRoundAsync(First, Hash("t"), Hash("model 1"), Hash("metadata"), s, Token);
        await c.Members[0].AttestAsync(First, Hash("model 1"), s, Token);
        await Refused("AlreadyAttested", () => c.Members[0].AttestAsync(First, Hash("model 1"), Hash("another"), Token));
        await c.Members[0].DisputeAsync(First, Hash("e"), s, Token);
        await Refused("AlreadyDisputed", () => c.Members[0].DisputeAsync(First, Hash("e"), Hash("another"), Token));

        await Refused("ZeroKind", () => c.Members[0].RecordCeremonyAsync(0, Hash("minutes"), s, Token));
        await c.Members[0].RecordCeremonyAsync(CeremonyKind.QuantumLink, Hash("minutes"), s, Token);
        await Refused("AlreadyRecorded", () => c.Members[0].RecordCeremonyAsync(CeremonyKind.QuantumLink, Hash("minutes"), Hash("another"), Token));

        // The client pairs members and reasons, so it cannot get their numbers wrong. Those that a change of the registry brings are in GovernanceTests.
        string[] elsewhere = ["ReasonCountMismatch", "NotOfThisRound", "WitnessMissing", "NotWaitedFor"];
        Assert.Equal(ContractArtifact.RoundLedger.Abi.ErrorNames.Except(elsewhere).Order(), seen.Order());
    }

    [Fact]
    public async Task An_incomplete_round_freezes_after_its_deadline_and_a_member_may_abandon_it_an_hour_later()
    {
        // Its own chain: moving time would disturb the others.
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess own = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(own.Endpoint);
        await consortium.OpenAsync(0);
        await consortium.CommitAsync(0, 0);
        // The last block is before the deadline; only the block to come is after it.
        await consortium.AdvanceTimeAsync(700);
        await consortium.Members[0].FreezeCommitmentsAsync(First, [], Token);
        await Assert.ThrowsAsync<LedgerRejectedException>(() => consortium.Members[1].AbandonRoundAsync(First, 1, Hash("s"), Token));
        await consortium.AdvanceTimeAsync(3600);
        await consortium.Members[1].AbandonRoundAsync(First, 1, Hash("s"), Token);
        Assert.Equal(RoundPhase.Abandoned, (await consortium.Coordinator.ReadRoundAsync(First, Token))!.Phase);
    }

    [Fact]
    public async Task Steps_of_one_account_taken_at_once_all_stand()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.CloseAsync(0);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => consortium.Members[0].DisputeAsync(First, Hash($"evidence {i}"), Hash("s"), Token)));
        Assert.Equal(12, (await consortium.Coordinator.ReadRoundAsync(First, Token))!.Disputes.Length);
    }

    [Fact]
    public async Task A_ledger_without_an_account_only_reads()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        using RoundLedger reader = consortium.LedgerOf(null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.FreezeCommitmentsAsync(First, [], Token));
    }

    [Fact]
    public async Task A_transaction_signed_before_a_crash_is_sent_by_the_next_process()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        string folder = Directory.CreateTempSubdirectory("qf-journal-").FullName;
        try
        {
            using TransactionJournal journal = TransactionJournal.Open(folder);
            byte[] call = ContractArtifact.RoundLedger.Abi.Function("commitUpdate").EncodeCall(0UL, Hash("update"), Hash("s"));
            SignedTransaction signed = consortium.AccountOf(0).Sign(
                new TransactionRequest { ChainId = AnvilFixture.ChainId, Nonce = 0, GasLimit = 200_000, To = consortium.Deployment.Rounds, Data = call });
            await journal.StoreAsync(signed, Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "torn.tx.part"), "half", Token);
            using RoundLedger member = RoundLedger.Create(
                consortium.Client, consortium.Deployment, consortium.AccountOf(0), TimeProvider.System, new TransactionOptions { Journal = journal });
            await member.ResumeAsync(Token);
            Assert.Empty(journal.Pending());
            LedgerReceipt receipt = await member.CommitUpdateAsync(First, Hash("update"), Hash("s"), Token);
            Assert.True(receipt.AlreadyApplied);
            Assert.Equal(signed.Hash, receipt.TransactionHash);
            Assert.Empty(journal.Pending());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AppliesOnceAsync(Func<Task<LedgerReceipt>> step)
    {
        LedgerReceipt first = await step();
        LedgerReceipt second = await step();
        Assert.False(first.AlreadyApplied);
        Assert.Equal(first with { AlreadyApplied = true }, second);
    }
}
