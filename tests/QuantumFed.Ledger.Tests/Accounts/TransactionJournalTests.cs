namespace QuantumFed.Ledger.Tests;

public sealed class TransactionJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-journal-").FullName;
    private readonly LedgerAccount _account = LedgerAccount.Generate();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _account.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_stored_is_there_by_nonce_until_it_is_settled()
    {
        SignedTransaction[] signed = [Signed(10), Signed(2), Signed(1)];
        using (TransactionJournal journal = TransactionJournal.Open(_folder))
        {
            foreach (SignedTransaction transaction in signed)
                await journal.StoreAsync(transaction, Token);
        }
        using TransactionJournal again = TransactionJournal.Open(_folder);
        Assert.Equal([signed[2].Hash, signed[1].Hash, signed[0].Hash], again.Pending().Select(transaction => transaction.Hash));
        again.Settle(signed[1]);
        again.Settle(signed[1]);
        Assert.Equal(2, again.Pending().Count);
    }

    [Fact]
    public void Two_at_once_are_refused()
    {
        using (TransactionJournal.Open(_folder))
        {
            IOException refusal = Assert.Throws<IOException>(() => TransactionJournal.Open(_folder));
            Assert.Contains("another process of this account has it open", refusal.Message, StringComparison.Ordinal);
        }
        TransactionJournal.Open(_folder).Dispose();
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_half_a_write_goes()
    {
        using (TransactionJournal journal = TransactionJournal.Open(_folder))
            await journal.StoreAsync(Signed(0), Token);
        string path = Assert.Single(Directory.GetFiles(_folder, "*.tx"));
        byte[] whole = await File.ReadAllBytesAsync(path, Token);
        await File.WriteAllBytesAsync(path + ".part", whole.AsMemory(0, 20), Token);
        // Every truncation, and every flipped byte: a signature that still reads is another transaction's.
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= 1;
            foreach (byte[] damaged in (byte[][])[whole[..i], flipped])
            {
                await File.WriteAllBytesAsync(path, damaged, Token);
                using TransactionJournal journal = TransactionJournal.Open(_folder);
                Assert.Contains(path, Assert.Throws<InvalidDataException>(() => journal.Pending()).Message, StringComparison.Ordinal);
            }
        }
        await File.WriteAllBytesAsync(path, whole, Token);
        using TransactionJournal healed = TransactionJournal.Open(_folder);
        Assert.Single(healed.Pending());
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    private SignedTransaction Signed(ulong nonce) =>
        _account.Sign(new TransactionRequest { ChainId = 20260, Nonce = nonce, GasLimit = 21_000, To = _account.Address });
}
