using System.Globalization;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// A folder of signed transactions that were or will be sent and whose outcome is not known yet. Signatures may be random, so what was
/// signed is on disk before it leaves: after a crash the same bytes are sent again, never a second version of them. One process holds it at
/// a time. Thread-safe.
/// </summary>
public sealed class TransactionJournal : IDisposable
{
    private const string Unfinished = ".part";

    private readonly FileStream _lock;
    private volatile bool _disposed;

    private TransactionJournal(string folder, FileStream @lock) => (Folder, _lock) = (folder, @lock);

    /// <summary>Where the transactions are.</summary>
    public string Folder { get; }

    /// <summary>A journal in a folder, made if need be: one account's. What a crash left half written was never sent, and goes.</summary>
    /// <exception cref="IOException">Another process has the journal open, or the disk refuses.</exception>
    public static TransactionJournal Open(string folder)
    {
        string full = Path.GetFullPath(folder);
        Directory.CreateDirectory(full);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The transaction journal {full} cannot be had: another process of this account has it open. {e.Message}", e);
        }
        foreach (string path in Directory.EnumerateFiles(full, "*" + Unfinished))
            File.Delete(path);
        return new TransactionJournal(full, held);
    }

    /// <summary>The stored transactions, by nonce.</summary>
    /// <exception cref="InvalidDataException">A file is damaged: what it was must be found out before this account sends anything.</exception>
    public IReadOnlyList<SignedTransaction> Pending()
    {
        List<SignedTransaction> pending = [];
        foreach (string path in Directory.EnumerateFiles(Folder, "*.tx").Order(StringComparer.Ordinal))
        {
            if (!SignedTransaction.TryParse(File.ReadAllBytes(path), out SignedTransaction? transaction) || PathOf(transaction) != path)
            {
                throw new InvalidDataException(
                    $"{path} is damaged: it does not hold the transaction it is named for. If the chain has that transaction (its hash is in the name), the file can go.");
            }
            pending.Add(transaction);
        }
        return pending;
    }

    /// <summary>Stores a transaction; it and its name are on disk when this returns.</summary>
    /// <exception cref="IOException">The disk is full or refuses; nothing is stored.</exception>
    public async Task StoreAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ObjectDisposedException.ThrowIf(_disposed, this);
        string path = PathOf(transaction);
        string unfinished = path + Unfinished;
        try
        {
            await using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true))
            {
                await file.WriteAsync(transaction.Encoded, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
            DurableFile.FlushFolder(Folder);
        }
        catch (Exception e)
        {
            Remove(unfinished);
            Remove(path);
            throw e is IOException or UnauthorizedAccessException
                ? new IOException($"The transaction journal {Folder} cannot be written, so nothing was sent: {e.Message}", e)
                : e;
        }
    }

    /// <summary>Forgets a transaction whose outcome is known. Should the file outlive a crash, its outcome is found out again.</summary>
    public void Settle(SignedTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        File.Delete(PathOf(transaction));
    }

    /// <summary>Lets another process have the journal.</summary>
    public void Dispose()
    {
        _disposed = true;
        _lock.Dispose();
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk that refused the write is the news.
        }
    }

    private string PathOf(SignedTransaction transaction) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{transaction.Request.Nonce:D20}-{transaction.Hash}.tx"));
}
