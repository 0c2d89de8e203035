using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Signs one account's transactions and keeps them in its journal before anybody else sees them. Gas is free.</summary>
internal sealed class TransactionSigner(LedgerAccount account, ulong chainId, TransactionJournal? journal)
{
    // What any transaction costs (Yellow Paper, appendix G: Gtransaction).
    private const ulong TransferGas = 21_000;

    public EthereumAddress Address => account.Address;

    public bool HasJournal => journal is not null;

    /// <summary>Signs a call, or a creation where <paramref name="to"/> is null; it is on disk when this returns.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public async Task<SignedTransaction> SignAsync(ulong nonce, EthereumAddress? to, byte[] data, ulong gas, CancellationToken cancellationToken)
    {
        SignedTransaction transaction = account.Sign(new TransactionRequest { ChainId = chainId, Nonce = nonce, GasLimit = gas, To = to, Data = data });
        if (journal is not null)
            await journal.StoreAsync(transaction, cancellationToken).ConfigureAwait(false);
        return transaction;
    }

    /// <summary>A transaction that only uses a nonce.</summary>
    public Task<SignedTransaction> FillAsync(ulong nonce, CancellationToken cancellationToken) => SignAsync(nonce, Address, [], TransferGas, cancellationToken);

    public bool IsFiller(SignedTransaction transaction) => transaction.Request.To == Address && transaction.Request.Data.IsEmpty;

    public void Settle(SignedTransaction transaction) => journal?.Settle(transaction);

    /// <summary>What an earlier process left, by nonce; a nonce may have a filler beside what was wanted.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or of another account.</exception>
    /// <exception cref="LedgerMismatchException">A transaction is for another chain.</exception>
    public IReadOnlyList<IGrouping<ulong, SignedTransaction>> Pending()
    {
        IReadOnlyList<SignedTransaction> pending = journal?.Pending() ?? [];
        foreach (SignedTransaction transaction in pending)
        {
            if (transaction.Request.ChainId != chainId)
                throw new LedgerMismatchException($"The journal {journal!.Folder} holds a transaction for chain {transaction.Request.ChainId}, this is chain {chainId}.");
            if (!transaction.TryRecoverSender(out EthereumAddress sender) || sender != Address)
                throw new InvalidDataException($"The journal {journal!.Folder} holds transaction {transaction.Hash} of {sender}, this is account {Address}.");
        }
        return [.. pending.GroupBy(transaction => transaction.Request.Nonce).OrderBy(group => group.Key)];
    }
}
