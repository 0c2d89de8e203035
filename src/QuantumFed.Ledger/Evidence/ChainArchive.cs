namespace QuantumFed.Ledger;

/// <summary>Copies blocks from a node into evidence that can be checked without it.</summary>
public static class ChainArchive
{
    /// <summary>
    /// Captures blocks, both ends included, in order. Each block is checked before it is written: the header hashes to the block's name,
    /// the transactions to theirs, and both roots come out of what was captured.
    /// </summary>
    /// <param name="client">The node.</param>
    /// <param name="fromBlock">The first block; 0 for a whole chain.</param>
    /// <param name="toBlock">The last block.</param>
    /// <param name="write">Takes each block's evidence, to store it.</param>
    /// <param name="cancellationToken">Stops between calls.</param>
    /// <exception cref="LedgerUnavailableException">The node lacks a block, or what it gave does not agree with itself.</exception>
    public static async Task CaptureAsync(
        JsonRpcClient client, ulong fromBlock, ulong toBlock, Func<BlockEvidence, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(write);
        EthereumNode node = new(client);
        for (ulong number = fromBlock; number <= toBlock; number++)
            await write(await CaptureAsync(node, number, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<BlockEvidence> CaptureAsync(EthereumNode node, ulong number, CancellationToken cancellationToken)
    {
        (BlockHeader header, SignedTransaction[] transactions) = await node.BlockAsync(number, cancellationToken).ConfigureAwait(false)
            ?? throw new LedgerUnavailableException($"The node has no block {number}.");
        List<ReceiptContent> receipts = [];
        foreach (SignedTransaction transaction in transactions)
        {
            TransactionReceipt receipt = await node.ReceiptAsync(transaction.Hash, cancellationToken).ConfigureAwait(false)
                ?? throw new LedgerUnavailableException($"The node has no receipt for transaction {transaction.Hash} of block {number}.");
            receipts.Add(receipt.Content);
        }
        BlockEvidence evidence = BlockEvidence.Create(header, transactions, receipts);
        return header.Number == number && evidence.HasItsRoots()
            ? evidence
            : throw new LedgerUnavailableException($"Block {number} does not have the roots of the transactions and receipts the node gave for it.");
    }
}
