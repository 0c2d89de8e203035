using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Sends one account's transactions, one at a time: each is in a block before the next is signed, so that nonces have no gap and the
/// node's pending count is the next nonce even after a restart. The gas price is zero. Thread-safe; one process an account.
/// </summary>
internal sealed class TransactionSender(EthereumNode node, LedgerAccount account, ulong chainId, TimeProvider time, TransactionOptions options) : IDisposable
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SlowestPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _resumed;

    public EthereumAddress Address => account.Address;

    /// <summary>Sends a call, or a creation where <paramref name="to"/> is null, and waits until it is in a block and has succeeded.</summary>
    /// <exception cref="LedgerRejectedException">It would revert, or did.</exception>
    /// <exception cref="LedgerUnavailableException">It is not known to be in a block.</exception>
    public async Task<TransactionReceipt> SendAsync(EthereumAddress? to, byte[] data, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ResumeCoreAsync(cancellationToken).ConfigureAwait(false);
            ulong gas = await node.EstimateGasAsync(Address, to, data, cancellationToken).ConfigureAwait(false);
            ulong nonce = await node.TransactionCountAsync(Address, "pending", cancellationToken).ConfigureAwait(false);
            // Others' steps may come first and make ours dearer (a slot that was warm or set may not be); what is not used costs nothing.
            SignedTransaction transaction = account.Sign(
                new TransactionRequest { ChainId = chainId, Nonce = nonce, GasLimit = gas + gas / 4 + 30_000, To = to, Data = data });
            if (options.Journal is not null)
                await options.Journal.StoreAsync(transaction, cancellationToken).ConfigureAwait(false);
            TransactionReceipt receipt = await SubmitAsync(transaction, cancellationToken).ConfigureAwait(false);
            if (!receipt.Content.Succeeded)
                throw await ExplainAsync(to, data, receipt, cancellationToken).ConfigureAwait(false);
            return receipt;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends again what the journal still holds, and waits for it.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ResumeCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ResumeCoreAsync(CancellationToken cancellationToken)
    {
        if (_resumed || options.Journal is null)
            return;
        foreach (SignedTransaction transaction in options.Journal.Pending())
        {
            // A chain that lost transactions has a lower count, and takes them again; a nonce that was used since makes them void.
            ulong used = await node.TransactionCountAsync(Address, "latest", cancellationToken).ConfigureAwait(false);
            if (transaction.Request.ChainId != chainId || transaction.Request.Nonce < used)
                options.Journal.Settle(transaction);
            else
                _ = await SubmitAsync(transaction, cancellationToken).ConfigureAwait(false);
        }
        _resumed = true;
    }

    // Sends the same bytes, again if need be, until they are in a block or the time is up. Sending them twice is harmless.
    private async Task<TransactionReceipt> SubmitAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        TimeSpan lastSent = TimeSpan.MinValue;
        TimeSpan poll = FirstPoll;
        LedgerUnavailableException? trouble = null;
        LedgerRejectedException? refusal = null;
        while (time.GetElapsedTime(start) is TimeSpan elapsed && elapsed < options.ReceiptTimeout)
        {
            try
            {
                if (lastSent == TimeSpan.MinValue || elapsed - lastSent > ResendAfter)
                {
                    lastSent = elapsed;
                    refusal = await TrySendAsync(transaction, cancellationToken).ConfigureAwait(false);
                }
                if (await node.ReceiptAsync(transaction.Hash, cancellationToken).ConfigureAwait(false) is { } receipt)
                {
                    options.Journal?.Settle(transaction);
                    return receipt;
                }
                // "Already known" is a refusal too: it is final only if the node has the transaction neither in a block nor waiting.
                if (refusal is not null && !await node.KnowsAsync(transaction.Hash, cancellationToken).ConfigureAwait(false))
                {
                    options.Journal?.Settle(transaction);
                    throw refusal;
                }
            }
            catch (LedgerUnavailableException e)
            {
                trouble = e;
            }
            await Task.Delay(poll, time, cancellationToken).ConfigureAwait(false);
            poll = poll * 2 < SlowestPoll ? poll * 2 : SlowestPoll;
        }
        throw new LedgerUnavailableException(
            $"Transaction {transaction.Hash} is not in a block after {options.ReceiptTimeout.TotalSeconds} s.", (Exception?)trouble ?? refusal);
    }

    private async Task<LedgerRejectedException?> TrySendAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            Digest hash = await node.SendRawAsync(transaction.Encoded, cancellationToken).ConfigureAwait(false);
            return hash == transaction.Hash ? null : throw new LedgerUnavailableException($"The node took {transaction.Hash} for {hash}.");
        }
        catch (LedgerRejectedException refusal)
        {
            return refusal;
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
