using QuantumFed.Ledger;

namespace QuantumFed.Cli;

/// <summary>Tells the events of a ledger as they come, poll by poll, through blocks that are replaced and a node that goes away.</summary>
internal sealed class LedgerWatch
{
    // As deep as the follower remembers, so that a replacement soon after the start is not taken for another chain.
    private const ulong Lead = TransactionOptions.MostConfirmations;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly LedgerTarget _target;
    private readonly LedgerPrinter _printer;
    private readonly LedgerEventText _text;
    private readonly LogFollower _follower;
    private readonly ChainWatch _chain;
    private readonly ulong _from;
    private bool _away;

    private LedgerWatch(LedgerTarget target, LedgerPrinter printer, ChainWatch chain, ulong from)
    {
        (_target, _printer, _chain, _from) = (target, printer, chain, from);
        _text = new LedgerEventText(target.Parties);
        _follower = LogFollower.Create(target.Client, target.Deployment, from < Lead ? 0 : from - Lead, target.Confirmations);
    }

    /// <summary>Begins at a block, or with what comes next.</summary>
    /// <exception cref="UsageException">The chain is far from that block.</exception>
    public static async Task<LedgerWatch> StartAsync(LedgerTarget target, LedgerPrinter printer, ulong? from, CancellationToken cancellation)
    {
        ChainWatch chain = ChainWatch.Create(target.Client, target.Deployment.ChainId, genesis: null, (int)Lead);
        ulong head = (await chain.PollAsync(cancellation)).Head.Number;
        if (from > head + 1)
            throw new UsageException($"The ledger has no block {from}: its newest is {head}. Without --from, what comes next is told.");
        return new LedgerWatch(target, printer, chain, from ?? head + 1);
    }

    /// <summary>Tells what comes until nobody reads it any more.</summary>
    /// <exception cref="LedgerMismatchException">The chain was exchanged.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(Pace, TimeProvider.System);
        while (!OutputPipe.IsClosed)
        {
            bool more = await TellAsync(cancellation);
            if (!more)
                _ = await pace.WaitForNextTickAsync(cancellation);
        }
    }

    // Whether there is more to tell at once.
    private async Task<bool> TellAsync(CancellationToken cancellation)
    {
        IReadOnlyList<LedgerNews> news;
        try
        {
            _ = await _chain.PollAsync(cancellation);
            news = await _follower.PollAsync(cancellation);
        }
        catch (LedgerUnavailableException silence)
        {
            if (!_away)
                _printer.PrintEvent($"the ledger's node is away, and is asked again: {silence.Message}", new { Event = "NodeAway", silence.Message });
            _away = true;
            return false;
        }
        if (_away)
            _printer.PrintEvent("the ledger's node is back", new { Event = "NodeBack" });
        _away = false;
        foreach (LedgerNews told in news)
        {
            if (OutputPipe.IsClosed)
                return false;
            Tell(told);
        }
        return _follower.IsBehind;
    }

    private void Tell(LedgerNews news)
    {
        if (news is LedgerRollback rollback)
            _printer.PrintEvent($"rolled back to block {rollback.LastKept}: what was told of later blocks no longer stands", new { Event = "RolledBack", Block = rollback.LastKept });
        else if (news is LedgerEvent told && told.Block.Number >= _from)
            _printer.PrintEvent(
                $"block {told.Block.Number,-6}  {_text.Of(told)}",
                new
                {
                    Event = told.Name, Block = told.Block.Number, BlockHash = "0x" + told.Block.Hash, Transaction = "0x" + told.TransactionHash, Text = _text.Of(told),
                    Arguments = _text.Fields(told),
                });
    }
}
