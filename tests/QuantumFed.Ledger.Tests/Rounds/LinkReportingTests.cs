using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class LinkReportingTests(AnvilFixture anvil) : IClassFixture<AnvilFixture>
{
    private static RoundId First => default;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Digest Hash(string text) => TestConsortium.Hash(text);

    [Fact]
    public async Task A_round_tells_of_each_member_what_it_reported_in_whatever_phase()
    {
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        LedgerReceipt[] receipts = await ReportedAsync(consortium);
        RoundRecord record = (await consortium.LedgerOf(null).ReadRoundAsync(First, Token))!;
        EthereumAddress[] all = consortium.Addresses;
        Assert.Equal(RoundPhase.Finalized, record.Phase);
        Assert.Equal(all[..3], record.LinkReports.Keys);
        LinkOutcome[] outcomes = [LinkOutcome.Withheld, LinkOutcome.Downgraded, LinkOutcome.Withheld];
        for (int member = 0; member < 3; member++)
        {
            LedgerStep step = new(receipts[member].TransactionHash, receipts[member].BlockNumber, Hash($"reporting {member}"));
            Assert.Equal(new RoundLinkReport(outcomes[member], Hash($"report {member}"), step), record.LinkReports[all[member]]);
        }
        Assert.NotEqual(record, record with { LinkReports = record.LinkReports.Remove(all[0]) });
        Assert.NotEqual(record, record with { LinkReports = record.LinkReports.SetItem(all[0], record.LinkReports[all[1]]) });
    }

    [Fact]
    public async Task Archived_blocks_tell_of_the_same_reports_as_the_live_chain()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess own = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(own.Endpoint);
        await ReportedAsync(consortium);
        BlockEvidence[] blocks = [.. (await consortium.CaptureAsync()).Select(block =>
            BlockEvidence.TryParse(block.CanonicalBytes, out BlockEvidence? parsed) ? parsed : throw new InvalidDataException())];
        Assert.True(OfflineChain.TryVerify(blocks, AnvilFixture.ChainId, out OfflineChain? chain, out string? failure), failure);
        Assert.True(chain.TryReadRounds(consortium.Deployment, out ImmutableArray<RoundRecord> records, out failure), failure);
        Assert.Equal(3, Assert.Single(records).LinkReports.Count);
        Assert.Equal(await consortium.Coordinator.ReadRoundAsync(First, Token), records[0]);
    }

    [Fact]
    public void A_record_is_not_built_from_reports_that_the_contract_cannot_have_taken()
    {
        var builder = new RoundRecordBuilder(First);
        EthereumAddress member = new([.. Enumerable.Repeat((byte)1, EthereumAddress.SizeInBytes)]);
        EthereumAddress other = new([.. Enumerable.Repeat((byte)2, EthereumAddress.SizeInBytes)]);
        Assert.False(Apply(builder, Reported(member, 1)));
        Assert.True(Apply(builder, new AbiValues(
            "RoundOpened", ["roundId", "planHash", "previousModelHash", "commitDeadline", "minParticipants", "seedBlockHash", "registryVersion"],
            [0UL, Hash("plan"), Hash("model"), 10UL, 3UL, Hash("seed"), 0UL])));
        Assert.False(Apply(builder, Reported(member, 0)));
        Assert.False(Apply(builder, Reported(member, 3)));
        Assert.True(Apply(builder, Reported(member, 2)));
        Assert.False(Apply(builder, Reported(member, 2)));
        Assert.True(Apply(builder, Reported(other, 1)));
        Assert.True(Apply(builder, new AbiValues("RoundAbandoned", ["roundId", "reason", "historyHead"], [0UL, 1UL, Hash("head")])));
        Assert.False(Apply(builder, Reported(new EthereumAddress(new byte[EthereumAddress.SizeInBytes]), 1)));
        Assert.Equal([LinkOutcome.Downgraded, LinkOutcome.Withheld], builder.Build()!.LinkReports.Values.Select(report => report.Outcome));
    }

    private static AbiValues Reported(EthereumAddress member, ulong outcome) => new(
        "LinkReported", ["roundId", "member", "outcome", "reportHash", "signatureHash"], [0UL, member, outcome, Hash("report"), Hash("s")]);

    private static bool Apply(RoundRecordBuilder builder, AbiValues @event) => builder.TryApply(@event, Hash("transaction"), 5);

    // One report in each phase that takes them: open, frozen, closed.
    private static async Task<LedgerReceipt[]> ReportedAsync(TestConsortium consortium)
    {
        await consortium.OpenAsync(0);
        LedgerReceipt open = await ReportAsync(consortium, 0, LinkOutcome.Withheld);
        for (int member = 0; member < 4; member++)
            await consortium.CommitAsync(0, member);
        await consortium.Coordinator.FreezeCommitmentsAsync(First, [], Token);
        LedgerReceipt frozen = await ReportAsync(consortium, 1, LinkOutcome.Downgraded);
        await consortium.Coordinator.CloseRoundAsync(First, consortium.Addresses, [], Hash("set"), Hash("s"), Token);
        LedgerReceipt closed = await ReportAsync(consortium, 2, LinkOutcome.Withheld);
        await consortium.Coordinator.FinalizeRoundAsync(First, Hash("transcript"), Hash("model 1"), Hash("metadata"), Hash("s"), Token);
        return [open, frozen, closed];
    }

    private static Task<LedgerReceipt> ReportAsync(TestConsortium consortium, int member, LinkOutcome outcome) =>
        consortium.Members[member].ReportLinkAsync(First, outcome, Hash($"report {member}"), Hash($"reporting {member}"), Token);
}
