using System.Globalization;

namespace QuantumFed.Ledger;

/// <summary>
/// A folder of signed transactions that were or will be sent and whose outcome is not known yet. Signatures may be random, so what was
/// signed is on disk before it leaves: after a crash the same bytes are sent again, never a second version of them.
/// </summary>
public sealed class TransactionJournal
{
    private readonly string _folder;

    private TransactionJournal(string folder) => _folder = folder;

    /// <summary>A journal in a folder, made if need be; one account's, and one process's at a time.</summary>
    public static TransactionJournal Open(string folder)
    {
        Directory.CreateDirectory(folder);
        return new TransactionJournal(folder);
    }

    /// <summary>The stored transactions, by nonce. Files that are no transaction, such as a write that was cut off, are passed over.</summary>
    public IReadOnlyList<SignedTransaction> Pending()
    {
        List<SignedTransaction> pending = [];
        foreach (string path in Directory.EnumerateFiles(_folder, "*.tx").Order(StringComparer.Ordinal))
        {
            if (SignedTransaction.TryParse(File.ReadAllBytes(path), out SignedTransaction? transaction))
                pending.Add(transaction);
        }
        return pending;
    }

    /// <summary>Stores a transaction; it is on disk when this returns.</summary>
    public async Task StoreAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        string path = PathOf(transaction);
        string unfinished = path + ".part";
        await using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true))
        {
            await file.WriteAsync(transaction.Encoded, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Forgets a transaction whose outcome is known.</summary>
    public void Settle(SignedTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        File.Delete(PathOf(transaction));
    }

    private string PathOf(SignedTransaction transaction) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{transaction.Request.Nonce:D20}-{transaction.Hash}.tx"));
}
