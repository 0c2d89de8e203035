using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Whether transactions are in a block that counts: one of the chain as it is now, and deep enough.</summary>
internal sealed class InclusionFinder(EthereumNode node, int confirmations)
{
    /// <summary>Looks for the one among some transactions of one nonce that is in a block.</summary>
    public async Task<Inclusion> FindAsync(IReadOnlyList<Digest> transactions, CancellationToken cancellationToken)
    {
        TransactionReceipt? receipt = await node.FirstReceiptAsync(transactions, cancellationToken).ConfigureAwait(false);
        if (receipt is null || confirmations == 0)
            return new Inclusion(receipt, Depth: receipt is null ? 0UL : 1UL);
        (ulong head, Digest? hash) = await node.HeadAndHashAsync(receipt.BlockNumber, cancellationToken).ConfigureAwait(false);
        // A node may still tell the receipt of a block that is no longer of the chain.
        if (hash != receipt.BlockHash)
            return default;
        // The two answers may be of different moments.
        ulong depth = Math.Max(head, receipt.BlockNumber) - receipt.BlockNumber + 1;
        return new Inclusion(depth > (ulong)confirmations ? receipt : null, depth);
    }
}
