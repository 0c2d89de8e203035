using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Follows the events of a consortium's two contracts from a block on, poll by poll: each event once, in the chain's order, and anew where blocks
/// were replaced. For one caller at a time.
/// </summary>
public sealed class LogFollower
{
    // How deep a replacement is followed; a deeper one is another chain.
    private const int Remembered = TransactionOptions.MostConfirmations;

    private const int Attempts = 5;

    private readonly EthereumNode _node;
    private readonly LogPages _pages;
    private readonly LedgerDeployment _deployment;
    private readonly ulong _confirmations;
    private readonly List<ChainMark> _blocks = [];
    private ulong _next;

    private LogFollower(EthereumNode node, LedgerDeployment deployment, ulong fromBlock, int confirmations)
    {
        _node = node;
        _pages = new LogPages(node);
        _deployment = deployment;
        _confirmations = (ulong)confirmations;
        _next = fromBlock;
    }

    /// <summary>A follower.</summary>
    /// <param name="client">The node.</param>
    /// <param name="deployment">Where the contracts are.</param>
    /// <param name="fromBlock">The first block whose events are told.</param>
    /// <param name="confirmations">How many blocks must follow one before its events are told, from 0.</param>
    public static LogFollower Create(JsonRpcClient client, LedgerDeployment deployment, ulong fromBlock, int confirmations = 0)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentOutOfRangeException.ThrowIfNegative(confirmations);
        return new LogFollower(new EthereumNode(client), deployment, fromBlock, confirmations);
    }

    /// <summary>How many blocks are read in a poll, at least 1: what it has to tell is held in memory.</summary>
    internal ulong MostBlocks { get; set; } = 5000;

    /// <summary>Whether the last poll ended before the newest block: there is more to read at once.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>What there is to tell since the last poll, of 5000 blocks at most. After an exception the next poll goes on where the last one ended.</summary>
    /// <exception cref="LedgerMismatchException">More blocks were replaced than are remembered, or the chain is shorter than that.</exception>
    /// <exception cref="LedgerUnavailableException">The node gave no usable answer.</exception>
    public async Task<IReadOnlyList<LedgerNews>> PollAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryPollAsync(cancellationToken).ConfigureAwait(false) is { } news)
                return news;
        }
        throw new LedgerUnavailableException("The ledger's newest blocks are replaced faster than they can be read.");
    }

    // Null where blocks were replaced while they were read: then nothing of it is taken over.
    private async Task<IReadOnlyList<LedgerNews>?> TryPollAsync(CancellationToken cancellationToken)
    {
        List<LedgerNews> news = [];
        int kept = await CountKeptAsync(cancellationToken).ConfigureAwait(false);
        ulong next = _next;
        if (kept < _blocks.Count)
        {
            if (kept == 0)
                throw new LedgerMismatchException($"All of the {_blocks.Count} newest blocks that were read, from block {_blocks[0].Number} on, have been replaced.");
            next = _blocks[kept - 1].Number + 1;
            news.Add(new LedgerRollback(next - 1));
        }
        List<ChainMark> blocks = [.. _blocks.Take(kept)];
        ulong head = await _node.BlockNumberAsync(cancellationToken).ConfigureAwait(false);
        bool behind = false;
        if (head >= _confirmations && head - _confirmations >= next)
        {
            ulong last = Math.Min(head - _confirmations, next + MostBlocks - 1);
            behind = last < head - _confirmations;
            ulong firstRemembered = Math.Max(next, last >= Remembered ? last - Remembered + 1 : 0);
            IReadOnlyList<ChainLog> logs = await _pages.ReadAsync([_deployment.Registry, _deployment.Rounds], null, next, last, cancellationToken).ConfigureAwait(false);
            // The hashes are asked for after the events: if each header follows from the one before, up to one that was there already, the events between are its own.
            IReadOnlyList<BlockHeader?> headers = await _node.HeadersAsync(firstRemembered, last, cancellationToken).ConfigureAwait(false);
            ChainMark? parent = blocks.Count > 0 && blocks[^1].Number + 1 == firstRemembered ? blocks[^1] : null;
            foreach (BlockHeader? header in headers)
            {
                if (header is null || (parent is { } before && header.ParentHash != before.Hash))
                    return null;
                blocks.Add((parent = new ChainMark(header.Number, header.Hash)).Value);
            }
            foreach (ChainLog log in logs)
            {
                if (log.BlockNumber >= firstRemembered && blocks.Find(block => block.Number == log.BlockNumber).Hash != log.BlockHash)
                    return null;
                news.Add(Told(log));
            }
            next = last + 1;
        }
        _blocks.Clear();
        _blocks.AddRange(blocks.TakeLast(Remembered));
        _next = next;
        IsBehind = behind;
        return news;
    }

    // How many of the remembered blocks are still the chain's. A block stands for those before it, so half of them are asked away at a time.
    private async Task<int> CountKeptAsync(CancellationToken cancellationToken)
    {
        int low = 0, high = _blocks.Count, probe = high;
        while (low < high)
        {
            ChainMark block = _blocks[probe - 1];
            BlockHeader? header = await _node.HeaderAsync(RpcJson.Quantity(block.Number), cancellationToken).ConfigureAwait(false);
            if (header?.Hash == block.Hash)
                low = probe;
            else
                high = probe - 1;
            probe = (low + high + 1) / 2;
        }
        return low;
    }

    private LedgerEvent Told(ChainLog log) =>
        AbiOf(log.Log.Address) is { } abi && abi.TryDecodeEvent(log.Log.Topics, log.Log.Data.Span, out AbiValues? values)
            ? new LedgerEvent(
                values.Name, new ChainMark(log.BlockNumber, log.BlockHash), log.TransactionHash,
                [.. values.Names.Zip(values.Values, KeyValuePair.Create)])
            : throw new LedgerUnavailableException($"The node tells of transaction {log.TransactionHash} what the contract cannot have said.");

    private ContractAbi? AbiOf(EthereumAddress contract) =>
        contract == _deployment.Rounds ? ContractArtifact.RoundLedger.Abi
        : contract == _deployment.Registry ? ContractArtifact.ConsortiumRegistry.Abi
        : null;
}
