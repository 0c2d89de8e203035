using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Holds a chain against what was seen of it before: its id, its first block, the highest blocks and those with steps of one's own. One request a
/// poll. To be asked through one node: of several, one may be behind, which looks like a chain that lost blocks. Thread-safe.
/// </summary>
public sealed class ChainWatch
{
    private const int MostSteps = 64;

    private readonly EthereumNode _node;
    private readonly ulong _chainId;
    private readonly ulong _confirmations;
    private readonly Lock _lock = new();
    private readonly List<ChainMark> _seen = [];
    private readonly List<(Digest Transaction, ChainMark Block, string What)> _steps = [];
    private ChainMark? _kept;
    private Digest? _genesis;

    private ChainWatch(EthereumNode node, ulong chainId, Digest? genesis, int confirmations)
    {
        _node = node;
        _chainId = chainId;
        _genesis = genesis;
        _confirmations = (ulong)confirmations;
    }

    /// <summary>A watch over the chain of a node.</summary>
    /// <param name="client">The node.</param>
    /// <param name="chainId">The id that was agreed on.</param>
    /// <param name="genesis">The first block's hash; null to take the first one seen.</param>
    /// <param name="confirmations">How many of the newest blocks may be replaced by others without harm, from 0; blocks that were remembered may not.</param>
    public static ChainWatch Create(JsonRpcClient client, ulong chainId, Digest? genesis, int confirmations = 0)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfNegative(confirmations);
        return new ChainWatch(new EthereumNode(client), chainId, genesis, confirmations);
    }

    /// <summary>Remembers a block from before a restart, which may not be replaced.</summary>
    public void Remember(ChainMark block)
    {
        lock (_lock)
            Keep(block);
    }

    /// <summary>Remembers a step of one's own that stands on the chain deep enough to count, in words for whoever has to find out what was lost.</summary>
    public void Remember(LedgerReceipt step, string what)
    {
        ArgumentNullException.ThrowIfNull(step);
        lock (_lock)
        {
            ChainMark block = new(step.BlockNumber, step.BlockHash);
            Keep(block);
            _steps.Add((step.TransactionHash, block, what));
            if (_steps.Count > MostSteps)
                _steps.RemoveAt(0);
        }
    }

    /// <summary>Asks the node, and compares.</summary>
    /// <exception cref="LedgerMismatchException">It is another chain, or one that lost or rewrote what was seen of it; the message says what.</exception>
    /// <exception cref="LedgerUnavailableException">The node gave no usable answer.</exception>
    public async Task<ChainView> PollAsync(CancellationToken cancellationToken)
    {
        ChainMark? highest = null, settled = null;
        lock (_lock)
        {
            if (_seen.Count > 0)
            {
                highest = _seen[^1];
                settled = SettledBelow(_seen[^1].Number);
            }
        }
        ulong[] numbers = [.. new[] { highest, settled }.OfType<ChainMark>().Select(mark => mark.Number).Distinct()];
        ChainPeek peek = await _node.PeekAsync(numbers, cancellationToken).ConfigureAwait(false);
        RequireIdentity(peek);
        ulong? replacedFrom = null;
        if (highest is { } seen && (peek.Head.Number < seen.Number || peek.Hashes[0] != seen.Hash))
        {
            if (_confirmations == 0 || (settled is { } kept && peek.Hashes[^1] != kept.Hash))
                throw await DescribeAsync(settled is { } lost && peek.Hashes[^1] != lost.Hash ? lost : seen, peek.Head, cancellationToken).ConfigureAwait(false);
            replacedFrom = (settled?.Number ?? 0) + 1;
        }
        lock (_lock)
        {
            // A step that came to count while the node was asked stays: whether its block was replaced too, the next poll tells.
            if (replacedFrom is { } from)
                _ = _seen.RemoveAll(mark => mark.Number >= from && mark != _kept);
            See(peek.Head);
        }
        return new ChainView(peek.Genesis, peek.Head, replacedFrom);
    }

    private void RequireIdentity(ChainPeek peek)
    {
        if (peek.ChainId != _chainId)
            throw new LedgerMismatchException($"The ledger's chain id is {peek.ChainId}, not {_chainId}: another chain answers at its address.");
        lock (_lock)
        {
            _genesis ??= peek.Genesis;
            if (peek.Genesis != _genesis)
                throw new LedgerMismatchException($"This ledger begins with another block ({peek.Genesis}) than the one this party saw before ({_genesis}): it is another chain, or was reset.");
        }
    }

    // A step counted, so its block counts too, however far the chain had come when it was last asked for.
    private void Keep(ChainMark block)
    {
        int at = _seen.FindIndex(mark => mark.Number == block.Number);
        if (at >= 0 && _seen[at].Number + _confirmations > _seen[^1].Number)
            _seen[at] = block;
        if (_kept is not { } before || before.Number < block.Number)
            _kept = block;
        See(block);
    }

    // By number, each once, and only as many as the depth needs: the highest, those that may be replaced, and one that may not.
    private void See(ChainMark block)
    {
        int at = _seen.FindIndex(mark => mark.Number >= block.Number);
        if (at < 0)
            _seen.Add(block);
        else if (_seen[at].Number > block.Number)
            _seen.Insert(at, block);
        if (SettledBelow(_seen[^1].Number) is { } settled)
            _ = _seen.RemoveAll(mark => mark.Number < settled.Number);
    }

    private ChainMark? SettledBelow(ulong head)
    {
        int at = _seen.FindLastIndex(mark => mark.Number + _confirmations <= head || mark == _kept);
        return at < 0 ? null : _seen[at];
    }

    private async Task<LedgerMismatchException> DescribeAsync(ChainMark lost, ChainMark head, CancellationToken cancellationToken)
    {
        (Digest Transaction, ChainMark Block, string What)[] steps;
        lock (_lock)
            steps = [.. _steps];
        string happened = head.Number < lost.Number
            ? $"it ends with block {head.Number} now and was rolled back or reset"
            : "another block stands there now: it was rolled back or rewritten";
        string message = $"The ledger has lost block {lost.Number} ({lost.Hash}): {happened}.";
        try
        {
            IReadOnlyList<TransactionReceipt?> receipts = await _node.ReceiptsAsync([.. steps.Select(step => step.Transaction)], cancellationToken).ConfigureAwait(false);
            string[] gone = [.. steps.Where((step, i) => receipts[i]?.BlockHash != step.Block.Hash).Select(step => $"{step.What} (transaction {step.Transaction}, block {step.Block.Number})")];
            message += gone.Length > 0 ? $" Lost of this party's steps: {string.Join("; ", gone)}." : " No step that this party took since it started is lost.";
        }
        catch (LedgerUnavailableException)
        {
            // What is known is said; the node's silence must not hide it.
        }
        return new LedgerMismatchException(message + " Nothing more is done on it until people have found out why.");
    }
}
