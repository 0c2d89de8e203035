using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class ReceiptProofTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(150)]
    public void Every_receipt_and_transaction_of_a_block_is_proved_alone_by_its_bytes(int count)
    {
        BlockEvidence block = TestBlock.Of(count);
        Assert.True(ReceiptProof.TryProveAll(block, out ImmutableArray<ReceiptProof> receipts));
        Assert.True(TransactionProof.TryProveAll(block, out ImmutableArray<TransactionProof> transactions));
        Assert.Equal((count, count), (receipts.Length, transactions.Length));
        for (int i = 0; i < count; i++)
        {
            Assert.True(ReceiptProof.TryParse(receipts[i].CanonicalBytes, out ReceiptProof? receipt));
            Assert.True(receipt.TryReadReceipt(block.Hash, out ReceiptContent? content));
            Assert.Equal(block.RawReceipts[i].ToArray(), content.Encode());
            Assert.Equal((7UL, (uint)i), (receipt.BlockNumber, receipt.Index));
            Assert.True(TransactionProof.TryParse(transactions[i].CanonicalBytes, out TransactionProof? transaction));
            Assert.True(transaction.TryReadTransaction(block.Hash, out SignedTransaction? signed));
            Assert.Equal(block.RawTransactions[i].ToArray(), signed.Encoded.ToArray());
            Assert.Equal((7UL, (uint)i), (transaction.BlockNumber, transaction.Index));
        }
    }

    [Fact]
    public void Every_changed_bit_and_every_other_length_is_refused()
    {
        BlockEvidence block = TestBlock.Of(20);
        Assert.True(ReceiptProof.TryProveAll(block, out ImmutableArray<ReceiptProof> receipts));
        Assert.True(TransactionProof.TryProveAll(block, out ImmutableArray<TransactionProof> transactions));
        foreach (int index in new[] { 0, 1, 19 })
        {
            NoneOfItsNeighbours(receipts[index].CanonicalBytes, bytes => ReceiptProof.TryParse(bytes, out ReceiptProof? proof) && proof.IsOf(block.Hash));
            NoneOfItsNeighbours(
                transactions[index].CanonicalBytes,
                bytes => TransactionProof.TryParse(bytes, out TransactionProof? proof) && proof.TryReadTransaction(block.Hash, out _));
        }
    }

    [Fact]
    public void A_proof_moved_to_another_index_or_block_is_refused()
    {
        BlockEvidence block = TestBlock.Of(20), other = TestBlock.Of(20);
        Assert.True(ReceiptProof.TryProveAll(block, out ImmutableArray<ReceiptProof> proofs));
        Assert.True(ReceiptProof.TryProveAll(other, out ImmutableArray<ReceiptProof> others));
        for (int i = 0; i < proofs.Length; i++)
        {
            RlpItem[] parts = Parts(proofs[i].CanonicalBytes);
            for (ulong moved = 0; moved < 25; moved++)
                Assert.Equal(moved == (ulong)i, IsOf(block, [parts[0], parts[1], RlpItem.Of(moved), parts[3]]));
            Assert.False(proofs[i].IsOf(other.Hash));
            Assert.False(IsOf(other, [parts[0], Parts(others[i].CanonicalBytes)[1], parts[2], parts[3]]));
            Assert.False(IsOf(block, [parts[0], Parts(others[i].CanonicalBytes)[1], parts[2], parts[3]]));
        }
    }

    [Fact]
    public void A_proof_of_absence_is_no_receipt()
    {
        ReadOnlyMemory<byte>[] receipts = [.. TestBlock.Of(20).RawReceipts];
        MerklePatriciaTrie trie = MerklePatriciaTrie.OfList(receipts);
        RlpItem[] parts = Parts(ProofsOf(20)[0].CanonicalBytes);
        BlockHeader header = TestBlock.Header(new byte[32], trie.Root.ToArray());
        for (ulong index = 0; index < 40; index++)
        {
            byte[] key = MerklePatriciaTrie.ListKey(index);
            RlpItem nodes = RlpItem.List([.. trie.ProofOf(key).Nodes.Select(RlpItem.Of)]);
            byte[] bytes = RlpItem.List(parts[0], RlpItem.Of(header.Encoded), RlpItem.Of(index), nodes).Encode();
            Assert.True(ReceiptProof.TryParse(bytes, out ReceiptProof? proof));
            Assert.Equal(index < 20, proof.IsOf(header.Hash));
            Assert.Equal(index >= 20, trie.ProofOf(key).ShowsAbsence(trie.Root, key));
        }
    }

    [Fact]
    public void A_receipts_proof_is_no_transactions_proof_and_the_other_way_round()
    {
        BlockEvidence block = TestBlock.Of(3);
        Assert.True(ReceiptProof.TryProveAll(block, out ImmutableArray<ReceiptProof> receipts));
        Assert.True(TransactionProof.TryProveAll(block, out ImmutableArray<TransactionProof> transactions));
        Assert.False(TransactionProof.TryParse(receipts[0].CanonicalBytes, out _));
        Assert.False(ReceiptProof.TryParse(transactions[0].CanonicalBytes, out _));
    }

    [Fact]
    public void A_block_whose_header_commits_to_something_else_gives_no_proofs()
    {
        BlockEvidence block = TestBlock.Of(3), other = TestBlock.Of(4);
        Assert.True(ReceiptContent.TryParse(block.RawReceipts[0], out ReceiptContent? receipt));
        BlockEvidence mixed = BlockEvidence.Create(other.Header, [], [receipt]);
        Assert.False(ReceiptProof.TryProveAll(mixed, out ImmutableArray<ReceiptProof> receipts));
        Assert.False(TransactionProof.TryProveAll(mixed, out ImmutableArray<TransactionProof> transactions));
        Assert.Empty(receipts);
        Assert.Empty(transactions);
    }

    [Fact]
    public void A_receipt_of_a_type_unknown_here_is_no_receipt()
    {
        ReadOnlyMemory<byte> unknown = new byte[] { 3, 0xC0 };
        MerklePatriciaTrie trie = MerklePatriciaTrie.OfList([unknown]);
        BlockHeader header = TestBlock.Header(new byte[32], trie.Root.ToArray());
        RlpItem[] parts = Parts(ProofsOf(1)[0].CanonicalBytes);
        RlpItem nodes = RlpItem.List([.. trie.ProofOf([0x80]).Nodes.Select(RlpItem.Of)]);
        Assert.True(ReceiptProof.TryParse(RlpItem.List(parts[0], RlpItem.Of(header.Encoded), parts[2], nodes).Encode(), out ReceiptProof? proof));
        Assert.False(proof.IsOf(header.Hash));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        const int Seed = 20_262;
        Random random = new(Seed);
        BlockEvidence block = TestBlock.Of(5);
        byte[] honest = ProofsOf(5)[2].CanonicalBytes.ToArray();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. honest];
            int start = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(start, random.Next(bytes.Length - start + 1)));
            byte[] cut = bytes[..random.Next(bytes.Length + 1)];
            foreach (byte[] hostile in new[] { bytes, cut })
                Assert.False(ReceiptProof.TryParse(hostile, out ReceiptProof? proof) && proof.IsOf(block.Hash), $"seed {Seed}, number {i}");
        }
        Assert.False(ReceiptProof.TryParse(default, out _));
        Assert.False(ReceiptProof.TryParse(new byte[BlockEvidence.MaxSizeInBytes + 1], out _));
    }

    [Fact]
    public async Task A_live_chains_receipts_and_transactions_are_proved_from_its_archive()
    {
        AnvilFixture.SkipWithoutAnvil();
        await using AnvilProcess anvil = await AnvilFixture.StartAsync(null, Token);
        using TestConsortium consortium = await TestConsortium.FoundAsync(anvil.Endpoint);
        await consortium.FinalizeAsync(0);
        int proved = 0;
        foreach (BlockEvidence block in await consortium.CaptureAsync())
        {
            Assert.True(ReceiptProof.TryProveAll(block, out ImmutableArray<ReceiptProof> receipts));
            Assert.True(TransactionProof.TryProveAll(block, out ImmutableArray<TransactionProof> transactions));
            foreach ((ReceiptProof receipt, TransactionProof transaction) in receipts.Zip(transactions))
            {
                Assert.True(receipt.TryReadReceipt(block.Hash, out ReceiptContent? content) && content.Succeeded);
                Assert.True(transaction.TryReadTransaction(block.Hash, out SignedTransaction? signed));
                Assert.Equal(signed.Request.Type, content.Type);
                proved++;
            }
        }
        Assert.InRange(proved, 10, 20);
    }

    private static ImmutableArray<ReceiptProof> ProofsOf(int count) =>
        ReceiptProof.TryProveAll(TestBlock.Of(count), out ImmutableArray<ReceiptProof> proofs) ? proofs : throw new InvalidOperationException();

    private static bool IsOf(BlockEvidence block, RlpItem[] parts) =>
        ReceiptProof.TryParse(RlpItem.List(parts).Encode(), out ReceiptProof? proof) && proof.IsOf(block.Hash);

    private static RlpItem[] Parts(ReadOnlyMemory<byte> canonical)
    {
        Assert.True(RlpItem.TryDecode(canonical, out RlpItem? item));
        return [.. item.Items];
    }

    private static void NoneOfItsNeighbours(ReadOnlyMemory<byte> canonical, Func<byte[], bool> isAccepted)
    {
        byte[] bytes = canonical.ToArray();
        Assert.True(isAccepted(bytes));
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(isAccepted(bytes), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(isAccepted(bytes[..length]), $"length {length}");
        Assert.False(isAccepted([.. bytes, 0]));
    }
}
