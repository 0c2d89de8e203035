using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// One nonce's transaction on its way into a block: the same bytes are sent until a receipt tells the outcome. If the node refuses them for
/// good, the nonce is filled with a transfer of nothing to the account itself, so that what follows does not wait for ever.
/// </summary>
internal sealed class InFlightTransaction
{
    private static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(3);

    // How long and how often in a row the same must be seen: a node's views of its pool, its counts and its receipts are not of one moment.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private const int SightingsToGiveUp = 4;

    private readonly EthereumNode _node;
    private readonly InclusionFinder _inclusion;
    private readonly TransactionSigner _signer;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<TransactionReceipt> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<SignedTransaction> _versions;
    private Standing _standing;
    private int _sightings;
    private long _standingSince;
    private ulong _depth;
    private long _deepenedAt;

    public InFlightTransaction(EthereumNode node, InclusionFinder inclusion, TransactionSigner signer, TimeProvider time, IEnumerable<SignedTransaction> versions)
    {
        _node = node;
        _inclusion = inclusion;
        _signer = signer;
        _time = time;
        // The filler last: it is what is sent once there is one.
        _versions = [.. versions.OrderBy(signer.IsFiller)];
    }

    /// <summary>The transaction that was wanted.</summary>
    public SignedTransaction Wanted => _versions[0];

    /// <summary>The most blocks that were seen from its own on, that one counted; 0 if it was seen in none.</summary>
    public ulong Depth => Volatile.Read(ref _depth);

    /// <summary>When it was seen that deep: a timestamp of the clock.</summary>
    public long DeepenedAt => Volatile.Read(ref _deepenedAt);

    /// <summary>What went wrong last; for the message of whoever stops waiting.</summary>
    public Exception? Trouble { get; private set; }

    /// <summary>The wanted transaction's receipt.</summary>
    /// <exception cref="LedgerRejectedException">It will never be in a block.</exception>
    public Task<TransactionReceipt> Outcome => _outcome.Task;

    /// <summary>Sends and asks until the nonce is used on the chain, or the sender is closed.</summary>
    /// <param name="isSent">Whether it may be on the chain already: then that is asked first.</param>
    /// <param name="lifetime">The sender's.</param>
    public async Task RunAsync(bool isSent, CancellationToken lifetime)
    {
        try
        {
            await UseNonceAsync(isSent, lifetime).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _ = _outcome.TrySetException(e is OperationCanceledException or ObjectDisposedException && lifetime.IsCancellationRequested
                ? new LedgerUnavailableException($"The ledger was closed before the outcome of transaction {Wanted.Hash} was known.", Trouble)
                : e);
        }
        finally
        {
            // Nobody may be waiting any more.
            _ = _outcome.Task.Exception;
        }
    }

    // What a node says of a transaction that it refused.
    private enum Standing
    {
        /// <summary>It has it.</summary>
        Known,

        /// <summary>It does not have it, and the nonce is the account's next.</summary>
        Unwanted,

        /// <summary>It does not have it, and earlier nonces are still free.</summary>
        Behind,

        /// <summary>It does not have it, and the nonce is used.</summary>
        Overtaken,
    }

    private enum Verdict
    {
        Waiting,
        Undecided,
        Filled,
        Overtaken,
    }

    private async Task UseNonceAsync(bool isSent, CancellationToken lifetime)
    {
        bool send = !isSent, wasInBlock = false;
        LedgerRejectedException? refusal = null;
        long lastSent = _time.GetTimestamp();
        long start = lastSent;
        while (true)
        {
            try
            {
                if (send)
                {
                    (send, lastSent) = (false, _time.GetTimestamp());
                    refusal = await TrySendAsync(lifetime).ConfigureAwait(false);
                }
                Inclusion inclusion = await _inclusion.FindAsync([.. _versions.Select(version => version.Hash)], lifetime).ConfigureAwait(false);
                if (inclusion.Depth > _depth)
                {
                    Volatile.Write(ref _deepenedAt, _time.GetTimestamp());
                    Volatile.Write(ref _depth, inclusion.Depth);
                }
                if (inclusion.Final is { } receipt)
                {
                    Settle(receipt);
                    return;
                }
                // Its block was replaced by one without it: nodes do not all put such transactions back into their pools.
                bool fellOut = wasInBlock && !inclusion.IsInBlock;
                wasInBlock = inclusion.IsInBlock;
                Verdict verdict = refusal is null || wasInBlock ? Verdict.Waiting : await JudgeAsync(refusal, lifetime).ConfigureAwait(false);
                if (verdict == Verdict.Overtaken)
                    return;
                refusal = null;
                send = fellOut || verdict != Verdict.Waiting;
            }
            catch (Exception e) when (e is LedgerUnavailableException or LedgerRejectedException or IOException)
            {
                // A node that refuses a question, or a disk that takes no filler: neither says what became of the nonce, and it must not be left unused.
                Trouble = e;
            }
            await Task.Delay(ReceiptPace.After(_time.GetElapsedTime(start)), _time, lifetime).ConfigureAwait(false);
            send |= isSent || _time.GetElapsedTime(lastSent) > ResendAfter;
            isSent = false;
        }
    }

    private void Settle(TransactionReceipt receipt)
    {
        Forget();
        if (receipt.TransactionHash == Wanted.Hash)
            _ = _outcome.TrySetResult(receipt);
        else
            _ = _outcome.TrySetException(new LedgerRejectedException($"Transaction {Wanted.Hash} was replaced by {receipt.TransactionHash}: the node had refused it."));
    }

    // A file that cannot be deleted does not change the outcome, and costs the next process a question.
    private void Forget()
    {
        foreach (SignedTransaction version in _versions)
        {
            try
            {
                _signer.Settle(version);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Trouble = e;
            }
        }
    }

    private async Task<LedgerRejectedException?> TrySendAsync(CancellationToken cancellationToken)
    {
        SignedTransaction newest = _versions[^1];
        try
        {
            Digest hash = await _node.SendRawAsync(newest.Encoded, cancellationToken).ConfigureAwait(false);
            return hash == newest.Hash ? null : throw new LedgerUnavailableException($"The node took {newest.Hash} for {hash}.");
        }
        catch (LedgerRejectedException refusal)
        {
            Trouble = refusal;
            return refusal;
        }
    }

    // "Already known" and "nonce too low" are refusals of what is on its way or done; codes and words differ between nodes, so it is the
    // node's own view of the transaction and of the account that decides, and it has to say the same a few times.
    private async Task<Verdict> JudgeAsync(LedgerRejectedException refusal, CancellationToken cancellationToken)
    {
        SignedTransaction newest = _versions[^1];
        (bool known, ulong count, ulong pending) = await _node.StandingAsync(newest.Hash, _signer.Address, cancellationToken).ConfigureAwait(false);
        ulong nonce = newest.Request.Nonce;
        // What another process has in the pool under this nonce is in the way until it is in a block: then the nonce is taken.
        Standing standing = known ? Standing.Known : count > nonce ? Standing.Overtaken : count < nonce || pending > nonce ? Standing.Behind : Standing.Unwanted;
        if (standing != _standing)
            (_standing, _sightings, _standingSince) = (standing, 0, _time.GetTimestamp());
        if (known)
            return Verdict.Waiting;
        if (++_sightings < SightingsToGiveUp || _time.GetElapsedTime(_standingSince) < Patience)
            return Verdict.Undecided;
        if (standing == Standing.Overtaken)
        {
            Forget();
            _ = _outcome.TrySetException(LedgerRejectedException.OfTakenNonce(
                $"Nonce {nonce} of {_signer.Address} was used by a transaction that is not this process's: the account's key is in use elsewhere, and transaction {Wanted.Hash} cannot be applied.",
                refusal));
            return Verdict.Overtaken;
        }
        if (standing == Standing.Behind || _signer.IsFiller(newest))
            return Verdict.Undecided;
        _versions.Add(await _signer.FillAsync(nonce, cancellationToken).ConfigureAwait(false));
        _ = _outcome.TrySetException(refusal);
        _standing = Standing.Known;
        return Verdict.Filled;
    }
}
