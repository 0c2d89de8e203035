using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Sends one account's transactions, any number of them at once: nonces are allotted here, one at a time, and each transaction is on disk before
/// it leaves and is sent until it is in a block. A call that is on its way already is not sent a second time. Another process may use the account at the same time
/// with a journal of its own (a vote beside a running node): who finds its nonce taken signs anew. Thread-safe.
/// </summary>
internal sealed class TransactionSender(EthereumNode node, LedgerAccount account, ulong chainId, TimeProvider time, TransactionOptions options) : IDisposable
{
    // How many nonces in a row may be taken by another process before something else must be wrong.
    private const int MostNonces = 8;

    private readonly TransactionSigner _signer = new(account, chainId, options.Journal);
    private readonly InclusionFinder _inclusion = new(node, options.Confirmations);
    private readonly NonceLedger _nonces = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(EthereumAddress? To, Digest Data), PendingCall> _calls = [];
    private volatile List<InFlightTransaction>? _resumed;
    private int _inFlight;

    public EthereumAddress Address => account.Address;

    /// <summary>Sends a call, or a creation where <paramref name="to"/> is null, and waits until it is in a block and has succeeded.</summary>
    /// <exception cref="LedgerRejectedException">It would revert, or did; or it can never be in a block.</exception>
    /// <exception cref="LedgerUnavailableException">It is not known to be in a block.</exception>
    /// <exception cref="IOException">The journal cannot be written; nothing was sent.</exception>
    public async Task<TransactionReceipt> SendAsync(EthereumAddress? to, byte[] data, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        PendingCall call = Join(to, data);
        TransactionReceipt receipt = await WaitAsync(call.Outcome, () => call.Transaction, cancellationToken).ConfigureAwait(false);
        return receipt.Content.Succeeded ? receipt : throw await ExplainAsync(to, data, receipt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends again what the journal still holds, and waits until the outcome of each is known.</summary>
    public async Task<IReadOnlyList<ResumedTransaction>> ResumeAsync(CancellationToken cancellationToken)
    {
        List<ResumedTransaction> outcomes = [];
        foreach (InFlightTransaction transaction in await LoadAsync(cancellationToken).ConfigureAwait(false))
        {
            ResumedOutcome outcome;
            try
            {
                TransactionReceipt receipt = await WaitAsync(transaction.Outcome, () => transaction, cancellationToken).ConfigureAwait(false);
                outcome = receipt.Content.Succeeded ? ResumedOutcome.Included : ResumedOutcome.Reverted;
            }
            catch (LedgerRejectedException)
            {
                outcome = ResumedOutcome.Replaced;
            }
            outcomes.Add(new ResumedTransaction(transaction.Wanted.Hash, transaction.Wanted.Request.Nonce, outcome));
        }
        return outcomes;
    }

    /// <summary>Waits for the receipt of a transaction that was found on the chain, whoever sent it, until its block counts.</summary>
    /// <exception cref="LedgerUnavailableException">It does not in time: its block may still be replaced.</exception>
    public async Task<TransactionReceipt> AwaitFinalAsync(Digest transaction, CancellationToken cancellationToken)
    {
        ulong depth = 0;
        for (long start = time.GetTimestamp(), since = start; time.GetElapsedTime(since) < options.ReceiptTimeout;)
        {
            Inclusion inclusion = await _inclusion.FindAsync([transaction], cancellationToken).ConfigureAwait(false);
            if (inclusion.Final is { } receipt)
                return receipt;
            if (inclusion.Depth > depth)
                (depth, since) = (inclusion.Depth, time.GetTimestamp());
            await Task.Delay(ReceiptPace.After(time.GetElapsedTime(start)), time, cancellationToken).ConfigureAwait(false);
        }
        throw Unfinished(transaction, depth, trouble: null);
    }

    public void Dispose()
    {
        // What is on its way goes on there without us; the journal has it.
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private async Task<TransactionReceipt> WaitAsync(Task<TransactionReceipt> outcome, Func<InFlightTransaction?> transaction, CancellationToken cancellationToken)
    {
        for (TimeSpan patience = options.ReceiptTimeout; ;)
        {
            try
            {
                return await outcome.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                if (transaction() is not { } sent)
                    throw new LedgerUnavailableException($"A transaction could not be sent within {options.ReceiptTimeout.TotalSeconds} s.");
                // As long as blocks come and bring it deeper than it ever was, there is reason to wait on.
                ulong depth = sent.Depth;
                patience = options.ReceiptTimeout - time.GetElapsedTime(sent.DeepenedAt);
                if (depth == 0 || patience <= TimeSpan.Zero)
                    throw Unfinished(sent.Wanted.Hash, depth, sent.Trouble);
            }
        }
    }

    private LedgerUnavailableException Unfinished(Digest transaction, ulong depth, Exception? trouble)
    {
        double seconds = options.ReceiptTimeout.TotalSeconds;
        return depth == 0
            ? new LedgerUnavailableException($"Transaction {transaction} is not in a block after {seconds} s.", trouble)
            : new LedgerUnavailableException(
                $"Transaction {transaction} is in a block that {depth - 1} others follow, {options.Confirmations} have to (confirmations), and none came for {seconds} s. "
                + "A chain that makes blocks for transactions only, as the development chain does, may never come that far: set 0 for it.",
                trouble);
    }

    private PendingCall Join(EthereumAddress? to, byte[] data)
    {
        (EthereumAddress?, Digest) key = (to, Digest.Of(data));
        lock (_lock)
        {
            if (_calls.TryGetValue(key, out PendingCall? same))
                return same;
            PendingCall call = new();
            _calls.Add(key, call);
            call.Outcome = Task.Run(() => CarryOutAsync(key, call, to, data));
            return call;
        }
    }

    private async Task<TransactionReceipt> CarryOutAsync((EthereumAddress?, Digest) key, PendingCall call, EthereumAddress? to, byte[] data)
    {
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                InFlightTransaction transaction = await AllotAsync(to, data, _lifetime.Token).ConfigureAwait(false);
                call.Transaction = transaction;
                _ = RunAsync(transaction, isSent: false);
                try
                {
                    return await transaction.Outcome.ConfigureAwait(false);
                }
                catch (LedgerRejectedException taken) when (taken.NonceTaken && attempt < MostNonces)
                {
                    // Never applied, and never will be: its nonce is another's. The next estimate tells whether the call still makes sense.
                }
            }
        }
        finally
        {
            lock (_lock)
                _ = _calls.Remove(key);
        }
    }

    private async Task<InFlightTransaction> AllotAsync(EthereumAddress? to, byte[] data, CancellationToken cancellationToken)
    {
        // In this order: a nonce taken meanwhile then counts as in flight.
        ulong before = _nonces.Next;
        bool idle = Volatile.Read(ref _inFlight) == 0;
        // Without a journal an earlier process may have left transactions in the node's pool that nobody knows here.
        (ulong gas, ulong count) = await node.PrepareAsync(Address, to, data, _signer.HasJournal ? "latest" : "pending", cancellationToken).ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (idle && count < before)
            {
                throw new LedgerUnavailableException(
                    $"The node counts {count} transactions of {Address}, of which {before} were in blocks: it is behind, or its chain has lost some.");
            }
            _nonces.Observe(count);
            // Others' steps may come first and make ours dearer (a slot that was warm or set may not be); what is not used costs nothing.
            SignedTransaction signed = await _signer.SignAsync(_nonces.Next, to, data, gas + gas / 4 + 30_000, cancellationToken).ConfigureAwait(false);
            _ = Interlocked.Increment(ref _inFlight);
            _nonces.Take();
            return new InFlightTransaction(node, _inclusion, _signer, time, [signed]);
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async Task RunAsync(InFlightTransaction transaction, bool isSent)
    {
        await transaction.RunAsync(isSent, _lifetime.Token).ConfigureAwait(false);
        _ = Interlocked.Decrement(ref _inFlight);
    }

    private async Task<IReadOnlyList<InFlightTransaction>> LoadAsync(CancellationToken cancellationToken)
    {
        if (_resumed is { } loaded)
            return loaded;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_resumed is not null)
                return _resumed;
            List<InFlightTransaction> resumed = [];
            IReadOnlyList<IGrouping<ulong, SignedTransaction>> pending = _signer.Pending();
            if (pending.Count > 0)
                await RequireNoGapAsync([.. pending.Select(group => group.Key)], cancellationToken).ConfigureAwait(false);
            foreach (IGrouping<ulong, SignedTransaction> group in pending)
            {
                InFlightTransaction transaction = new(node, _inclusion, _signer, time, group);
                _nonces.Observe(group.Key + 1);
                Register(transaction);
                resumed.Add(transaction);
            }
            return _resumed = resumed;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    // A step that is taken again after a restart is the transaction that the journal has.
    private void Register(InFlightTransaction transaction)
    {
        (EthereumAddress?, Digest) key = (transaction.Wanted.Request.To, Digest.Of(transaction.Wanted.Request.Data.Span));
        _ = Interlocked.Increment(ref _inFlight);
        lock (_lock)
            _calls[key] = new PendingCall { Transaction = transaction, Outcome = transaction.Outcome };
        _ = RunAsync(transaction, isSent: true).ContinueWith(
            _ =>
            {
                lock (_lock)
                    _calls.Remove(key);
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task RequireNoGapAsync(ulong[] nonces, CancellationToken cancellationToken)
    {
        ulong expected = await node.TransactionCountAsync(Address, "latest", cancellationToken).ConfigureAwait(false);
        foreach (ulong nonce in nonces)
        {
            if (nonce > expected)
            {
                throw new LedgerMismatchException(
                    $"The chain and the journal {options.Journal!.Folder} know {expected} transactions of {Address}, and the journal's next has nonce {nonce}: "
                    + "the chain has lost some, or the journal has. Nothing is sent until people have found out which.");
            }
            expected = Math.Max(expected, nonce + 1);
        }
    }

    // The receipt says only that it reverted; the call on the state of its block says why.
    private async Task<LedgerRejectedException> ExplainAsync(EthereumAddress? to, byte[] data, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            _ = await node.CallAsync(Address, to, data, RpcJson.Quantity(receipt.BlockNumber), cancellationToken).ConfigureAwait(false);
        }
        catch (LedgerRejectedException refusal)
        {
            return refusal;
        }
        return new LedgerRejectedException($"Transaction {receipt.TransactionHash} reverted in block {receipt.BlockNumber}.");
    }
}
