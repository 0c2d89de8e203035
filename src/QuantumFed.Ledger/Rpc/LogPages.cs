using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Asks for events range by range, with ranges as large as the node takes: what it refuses is halved (Besu: "Requested range exceeds maximum
/// range limit"; others count results or bytes), and after a success doubled again.
/// </summary>
internal sealed class LogPages(EthereumNode node)
{
    // Besu answers for at most 5000 blocks at a time unless told otherwise (--rpc-max-logs-range).
    private const ulong LargestRange = 5000;

    private ulong _range = LargestRange;

    /// <summary>Contracts' events from one block to another, both included, in the chain's order; of one second topic, or all.</summary>
    /// <exception cref="LedgerRejectedException">The node refuses even one block.</exception>
    public async Task<IReadOnlyList<ChainLog>> ReadAsync(
        IReadOnlyList<EthereumAddress> contracts, Digest? secondTopic, ulong fromBlock, ulong toBlock, CancellationToken cancellationToken)
    {
        List<ChainLog> logs = [];
        for (ulong from = fromBlock; from <= toBlock;)
        {
            ulong to = Math.Min(toBlock, from + _range - 1);
            try
            {
                logs.AddRange(await node.LogsAsync(contracts, secondTopic, from, to, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (to > from && e is LedgerRejectedException or LedgerUnavailableException { IsOversize: true })
            {
                _range = (to - from + 1) / 2;
                continue;
            }
            from = to + 1;
            _range = Math.Min(_range * 2, LargestRange);
        }
        return logs;
    }
}
