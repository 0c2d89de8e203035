using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>An end's state with the journal it is saved in after every change.</summary>
internal sealed class JournaledState : IDisposable
{
    private readonly ILinkJournal _journal;
    private int _busy;
    private bool _unknown;

    internal JournaledState(LinkEndState state, LinkRole role, ILinkJournal journal)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(journal);
        if (state.Role != role)
            throw new ArgumentException($"The state is a {state.Role}'s.", nameof(state));
        (State, _journal) = (state, journal);
    }

    internal LinkEndState State { get; }

    /// <summary>Runs the only conversation of this end, and tells the other end when this one refuses.</summary>
    internal async Task<T> ConverseAsync<T>(LinkSession session, Func<Task<T>> conversation)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("This end has a block under way.");
        try
        {
            if (_unknown)
                throw new InvalidOperationException("The journal failed. What it holds is not known here: open the end again from it.");
            return await conversation().ConfigureAwait(false);
        }
        catch (LinkProtocolException refused) when (refused.Refusal is null)
        {
            await session.TryRefuseAsync(refused.Answer).ConfigureAwait(false);
            throw;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Takes a block's authentication keys for good.</summary>
    internal ValueTask TakeAsync(ulong block)
    {
        State.Take(block);
        return SaveAsync(null);
    }

    /// <summary>Keeps a block's key until it is settled, and takes the block's authentication keys where that was not done before.</summary>
    internal ValueTask PrepareAsync(ulong block, bool isSecret, byte[] key)
    {
        State.Take(block);
        State.Prepare(new PendingBlock(block, isSecret, State.Ledger.BytesToReturn(key.Length - PendingBlock.SettlementSize), key));
        return SaveAsync(null);
    }

    /// <summary>Ends the pending block; a settled one's key goes to the journal with the state.</summary>
    /// <returns>The block, which the caller disposes.</returns>
    internal async ValueTask<PendingBlock> EndAsync(bool isSettled)
    {
        PendingBlock block = State.End(isSettled);
        await SaveAsync(isSettled ? new DeliveredKey(block.Number, block.Delivered, block.IsSecret) : null).ConfigureAwait(false);
        return block;
    }

    public void Dispose() => State.Dispose();

    private async ValueTask SaveAsync(DeliveredKey? delivered)
    {
        byte[] bytes = State.ToBytes();
        _unknown = true;
        try
        {
            await _journal.SaveAsync(bytes, delivered).ConfigureAwait(false);
            _unknown = false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
