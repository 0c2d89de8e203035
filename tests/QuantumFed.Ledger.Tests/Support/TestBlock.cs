using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>A block made up without a node: each transaction calls a contract, and each receipt has an event as our contracts emit them.</summary>
internal static class TestBlock
{
    public static BlockEvidence Of(int transactions)
    {
        using LedgerAccount account = LedgerAccount.Generate();
        EthereumAddress contract = EthereumAddress.OfContract(account.Address, 0);
        SignedTransaction[] signed = [.. Enumerable.Range(0, transactions).Select(i => account.Sign(
            new TransactionRequest { Type = (TransactionType)(i % 3), ChainId = 20260, Nonce = (ulong)i, GasLimit = 100_000, To = contract, Data = Bytes(i, 100) }))];
        ReceiptContent[] receipts = [.. Enumerable.Range(0, transactions).Select(i => new ReceiptContent(
            (TransactionType)(i % 3), true, 60_000 * (ulong)(i + 1), Bytes(i, 256),
            [new LedgerLog(contract, [Digest.Of([1]), new Digest(Bytes(i, 32)), new Digest(Bytes(i + 1, 32))], Bytes(i, 128))]))];
        return BlockEvidence.Create(
            Header(
                MerklePatriciaTrie.RootOfList([.. signed.Select(transaction => transaction.Encoded)]),
                MerklePatriciaTrie.RootOfList([.. receipts.Select(receipt => (ReadOnlyMemory<byte>)receipt.Encode())])),
            signed,
            receipts);
    }

    public static BlockHeader Header(byte[] transactionsRoot, byte[] receiptsRoot)
    {
        byte[] hash = new byte[32];
        byte[] encoded = RlpItem.List(
            RlpItem.Of(hash), RlpItem.Of(hash), RlpItem.Of(new byte[20]), RlpItem.Of(hash), RlpItem.Of(transactionsRoot), RlpItem.Of(receiptsRoot),
            RlpItem.Of(new byte[256]), RlpItem.Of(1), RlpItem.Of(7), RlpItem.Of(30_000_000), RlpItem.Of(21_000), RlpItem.Of(1_700_000_000),
            RlpItem.Of(hash), RlpItem.Of(hash), RlpItem.Of(new byte[8]), RlpItem.Of(0)).Encode();
        return BlockHeader.TryParse(encoded, out BlockHeader? header) ? header : throw new InvalidOperationException("The header cannot be read.");
    }

    private static byte[] Bytes(int seed, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(seed * 31 + i * 7))];
}
