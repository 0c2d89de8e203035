using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class OfflineChainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Archived_blocks_give_the_same_charter_and_records_as_the_live_chain()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await LivedAsync(anvil);
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        // By way of their bytes, as an archive would.
        BlockEvidence[] read = [.. blocks.Select(block => BlockEvidence.TryParse(block.CanonicalBytes, out BlockEvidence? parsed) ? parsed : throw new InvalidDataException())];
        Assert.True(OfflineChain.TryVerify(read, AnvilFixture.ChainId, out OfflineChain? chain, out string? failure), failure);
        Assert.Equal(await consortium.Coordinator.GenesisHashAsync(Token), chain.GenesisHash);
        Assert.Equal(await consortium.Coordinator.HeadAsync(Token), chain.Head);
        Assert.True(chain.TryReadCharter(consortium.Deployment, out ConsortiumCharter? charter, out failure), failure);
        Assert.Equal(consortium.Charter, charter);
        Assert.True(chain.TryReadRounds(consortium.Deployment, out ImmutableArray<RoundRecord> records, out failure), failure);
        Assert.Equal(3, records.Length);
        for (ulong round = 0; round < 4; round++)
        {
            RoundRecord? live = await consortium.Coordinator.ReadRoundAsync(new RoundId(round), Token);
            Assert.True(chain.TryReadRound(new RoundId(round), consortium.Deployment, out RoundRecord? offline, out failure), failure);
            Assert.Equal(live, offline);
            Assert.Equal(round < 3, live is not null);
        }
        Assert.Equal(records[0], await consortium.Coordinator.ReadRoundAsync(default, Token));
        Assert.NotEqual(records[0], records[0] with { Participants = records[0].Participants.RemoveAt(0) });
        Assert.False(chain.TryReadCharter(consortium.Deployment with { Rounds = consortium.Deployment.Registry }, out _, out _));
        Assert.False(OfflineChain.TryVerify(read, AnvilFixture.ChainId + 1, out _, out _));
    }

    [Fact]
    public async Task Altering_any_byte_of_any_block_fails()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await LivedAsync(anvil);
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        int altered = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            byte[] bytes = blocks[i].CanonicalBytes.ToArray();
            // Every byte but in the two long creation codes, of which the inner part is one string: there every 29th.
            for (int position = 0; position < bytes.Length; position += position is > 1000 && position < bytes.Length - 2000 ? 29 : 1)
            {
                bytes[position] ^= (byte)(1 << (position % 8));
                if (BlockEvidence.TryParse(bytes, out BlockEvidence? changed))
                {
                    // What is wrong shows in the block alone or in how the next hangs on it; the whole chain is tried now and then.
                    Assert.False(changed.HasItsRoots() && (i == blocks.Count - 1 || changed.Hash == blocks[i + 1].Header.ParentHash), $"block {i}, byte {position}");
                    if (position % 101 == 0)
                        Assert.False(OfflineChain.TryVerify([.. blocks[..i], changed, .. blocks[(i + 1)..]], AnvilFixture.ChainId, out _, out _));
                }
                bytes[position] ^= (byte)(1 << (position % 8));
                altered++;
            }
        }
        Assert.InRange(altered, 10_000, 100_000);
    }

    [Fact]
    public async Task A_block_with_an_empty_transaction_or_receipt_is_no_evidence()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        BlockEvidence block = (await consortium.CaptureAsync())[1];
        Assert.True(RlpItem.TryDecode(block.CanonicalBytes.ToArray(), out RlpItem? item));
        RlpItem empty = RlpItem.List(RlpItem.Of(ReadOnlyMemory<byte>.Empty));
        RlpItem[] parts = [.. item.Items];
        byte[] emptyTransaction = RlpItem.List([.. parts[..3], empty, parts[4]]).Encode();
        byte[] emptyReceipt = RlpItem.List([.. parts[..4], empty]).Encode();
        Assert.True(BlockEvidence.TryParse(RlpItem.List(parts).Encode(), out _));
        Assert.False(BlockEvidence.TryParse(emptyTransaction, out _));
        Assert.False(BlockEvidence.TryParse(emptyReceipt, out _));
    }

    [Fact]
    public async Task Blocks_removed_swapped_or_from_elsewhere_fail()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        await using AnvilProcess other = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        using TestConsortium elsewhere = await TestConsortium.FoundAsync(other.Endpoint);
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        List<BlockEvidence> others = await elsewhere.CaptureAsync();
        Assert.True(OfflineChain.TryVerify(blocks, AnvilFixture.ChainId, out _, out _));
        Assert.False(OfflineChain.TryVerify([], AnvilFixture.ChainId, out _, out _));
        Assert.False(OfflineChain.TryVerify(blocks[1..], AnvilFixture.ChainId, out _, out _));
        Assert.False(OfflineChain.TryVerify([blocks[0], blocks[2]], AnvilFixture.ChainId, out _, out _));
        Assert.False(OfflineChain.TryVerify([blocks[0], others[1], blocks[2]], AnvilFixture.ChainId, out _, out _));
        BlockEvidence emptied = BlockEvidence.Create(blocks[1].Header, [], []);
        Assert.False(OfflineChain.TryVerify([blocks[0], emptied, blocks[2]], AnvilFixture.ChainId, out _, out string? failure));
        Assert.Contains("Block 1 carries other transactions", failure, StringComparison.Ordinal);
        Assert.True(OfflineChain.TryVerify(others, AnvilFixture.ChainId, out OfflineChain? chain, out _));
        Assert.False(chain.TryReadRound(default, consortium.Deployment, out _, out _));
    }

    [Fact]
    public async Task Events_that_a_forged_block_makes_up_are_refused_and_not_stumbled_over()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.Coordinator.RecordCeremonyAsync(CeremonyKind.PartyKeys, TestConsortium.Hash("minutes"), TestConsortium.Hash("s"), Token);
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        Assert.True(ReceiptContent.TryParse(blocks[^1].RawReceipts[0], out ReceiptContent? receipt));
        LedgerLog told = receipt.Logs[0];
        Assert.True(ReadsCeremonies(receipt, out int count));
        Assert.Equal(1, count);
        Assert.True(ReadsCeremonies(receipt with { Logs = [told with { Topics = [] }] }, out _));
        Assert.False(ReadsCeremonies(receipt with { Logs = [told, told] }, out _));

        bool ReadsCeremonies(ReceiptContent forged, out int count)
        {
            Assert.True(OfflineChain.TryVerify([.. blocks[..^1], WithReceipt(blocks[^1], forged)], AnvilFixture.ChainId, out OfflineChain? chain, out string? failure), failure);
            bool reads = chain.TryReadCeremonies(consortium.Deployment, out ImmutableArray<CeremonyRecord> ceremonies, out _);
            count = ceremonies.Length;
            return reads;
        }
    }

    [Fact]
    public async Task A_round_opened_before_the_last_was_over_is_refused()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.OpenAsync(0);
        await consortium.Coordinator.AbandonRoundAsync(default, 4, TestConsortium.Hash("s"), Token);
        await consortium.OpenAsync(1);
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        // The two newest blocks change places: each step is as it was, and the order is one that the contract refuses.
        BlockEvidence opening = Moved(blocks[^1], blocks[^3], blocks[^2]);
        BlockEvidence ending = Moved(blocks[^2], opening, blocks[^1]);
        Assert.True(OfflineChain.TryVerify(blocks, AnvilFixture.ChainId, out OfflineChain? chain, out string? failure), failure);
        Assert.True(chain.TryReadRounds(consortium.Deployment, out _, out failure), failure);
        // The opening tells the block before it as its seed.
        opening = WithReceipt(opening, Reseeded(opening, blocks[^2].Header.ParentHash, blocks[^1].Header.ParentHash));
        ending = Moved(blocks[^2], opening, blocks[^1]);
        Assert.True(OfflineChain.TryVerify([.. blocks[..^2], opening, ending], AnvilFixture.ChainId, out chain, out failure), failure);
        Assert.False(chain.TryReadRounds(consortium.Deployment, out _, out failure));
        Assert.Contains("does not continue", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closing_that_neither_has_a_member_that_committed_in_the_set_nor_excludes_it_is_refused()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.CloseAsync(0);
        List<BlockEvidence> blocks = await consortium.CaptureAsync();
        object[] participants = [.. new[] { 0, 1, 3 }.Select(member => (object)consortium.Addresses[member])];
        Assert.True(Reads([consortium.Addresses[2]], [5UL], out _));
        // The chain's maker lets the coordinator do what the contract does not: its call and the event agree, and leave a member out.
        Assert.False(Reads([], [], out string? failure));
        Assert.Contains("an event of round 0 that the contract cannot have emitted", failure, StringComparison.Ordinal);
        // Nor may one be there that did not commit, or stand in both lists.
        Assert.False(Reads([consortium.Addresses[2], EthereumAddress.Parse("0xffffffffffffffffffffffffffffffffffffffff")], [5UL, 5UL], out _));
        Assert.False(Reads([consortium.Addresses[2], consortium.Addresses[3]], [5UL, 5UL], out _));

        bool Reads(object[] excluded, object[] reasons, out string? failure)
        {
            BlockEvidence forged = WithClosing(blocks[^1], consortium.CoordinatorAccount, participants, excluded, reasons);
            Assert.True(OfflineChain.TryVerify([.. blocks[..^1], forged], AnvilFixture.ChainId, out OfflineChain? chain, out failure), failure);
            return chain.TryReadRounds(consortium.Deployment, out _, out failure);
        }
    }

    // The block of a closing with other lists, in the call, which its sender signs anew, and in the event.
    private static BlockEvidence WithClosing(BlockEvidence block, LedgerAccount sender, object[] participants, object[] excluded, object[] reasons)
    {
        SignedTransaction transaction = Transaction(block);
        Digest set = TestConsortium.Hash("set"), closing = TestConsortium.Hash("closing");
        transaction = sender.Sign(transaction.Request with
        {
            Data = ContractArtifact.RoundLedger.Abi.Function("closeRound").EncodeCall(0UL, participants, excluded, reasons, set, closing),
        });
        Assert.True(ReceiptContent.TryParse(block.RawReceipts[0], out ReceiptContent? receipt));
        byte[] told = AbiCodec.Encode(AbiType.Parse("(address[],address[],uint8[],bytes32,bytes32)"), [participants, excluded, reasons, set, closing]);
        receipt = receipt with { Logs = [receipt.Logs[0] with { Data = told }] };
        BlockEvidence header = Rebuilt(
            block, (4, RlpItem.Of(MerklePatriciaTrie.RootOfList([transaction.Encoded]))), (5, RlpItem.Of(MerklePatriciaTrie.RootOfList([receipt.Encode()]))));
        return BlockEvidence.Create(header.Header, [transaction], [receipt]);
    }

    private static ReceiptContent Reseeded(BlockEvidence block, Digest seed, Digest former)
    {
        Assert.True(ReceiptContent.TryParse(block.RawReceipts[0], out ReceiptContent? receipt));
        byte[] data = receipt.Logs[0].Data.ToArray();
        int at = data.AsSpan().IndexOf(former.ToArray());
        Assert.True(at >= 0);
        seed.ToArray().CopyTo(data, at);
        return receipt with { Logs = [receipt.Logs[0] with { Data = data }] };
    }

    // The block with the number and time of another, after a third.
    private static BlockEvidence Moved(BlockEvidence block, BlockEvidence before, BlockEvidence place) =>
        Rebuilt(block, (0, RlpItem.Of(before.Hash.ToArray())), (8, RlpItem.Of(place.Header.Number)), (11, RlpItem.Of(place.Header.Timestamp)));

    private static BlockEvidence WithReceipt(BlockEvidence block, ReceiptContent receipt)
    {
        byte[] encoded = receipt.Encode();
        BlockEvidence header = Rebuilt(block, (5, RlpItem.Of(MerklePatriciaTrie.RootOfList([encoded]))));
        return BlockEvidence.Create(header.Header, [Transaction(block)], [receipt]);
    }

    private static BlockEvidence Rebuilt(BlockEvidence block, params (int Field, RlpItem Value)[] changes)
    {
        Assert.True(RlpItem.TryDecode(block.Header.Encoded, out RlpItem? item));
        RlpItem[] fields = [.. item.Items];
        foreach ((int field, RlpItem value) in changes)
            fields[field] = value;
        Assert.True(BlockHeader.TryParse(RlpItem.List(fields).Encode(), out BlockHeader? header));
        Assert.True(ReceiptContent.TryParse(block.RawReceipts[0], out ReceiptContent? receipt));
        return BlockEvidence.Create(header, [Transaction(block)], [receipt]);
    }

    private static SignedTransaction Transaction(BlockEvidence block) =>
        SignedTransaction.TryParse(block.RawTransactions[0], out SignedTransaction? transaction) ? transaction : throw new InvalidDataException();

    // Three rounds: finalized, failed, abandoned; with an exclusion, attestations and a dispute; and a block without transactions.
    private static async Task<TestConsortium> LivedAsync(AnvilProcess anvil)
    {
        TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.FinalizeAsync(0);
        await consortium.Members[1].AttestAsync(default, TestConsortium.Hash("model 1"), TestConsortium.Hash("attesting"), Token);
        await consortium.Members[2].DisputeAsync(default, TestConsortium.Hash("evidence"), TestConsortium.Hash("disputing"), Token);
        await consortium.MineAsync();
        await consortium.OpenAsync(1, "model 1");
        for (int member = 0; member < 4; member++)
            await consortium.CommitAsync(1, member);
        await consortium.Members[0].FreezeCommitmentsAsync(new RoundId(1), [], Token);
        await consortium.Coordinator.CloseRoundAsync(new RoundId(1), consortium.Addresses, [], TestConsortium.Hash("set"), TestConsortium.Hash("s"), Token);
        await consortium.Coordinator.FailRoundAsync(new RoundId(1), TestConsortium.Hash("transcript"), TestConsortium.Hash("s"), Token);
        await consortium.OpenAsync(2, "model 1");
        await consortium.Coordinator.AbandonRoundAsync(new RoundId(2), 4, TestConsortium.Hash("s"), Token);
        return consortium;
    }
}
