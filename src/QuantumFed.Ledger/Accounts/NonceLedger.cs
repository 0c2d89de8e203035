namespace QuantumFed.Ledger;

/// <summary>An account's next nonce, from what the chain counts and what was signed here. Not thread-safe: its owner allots one at a time.</summary>
internal sealed class NonceLedger
{
    /// <summary>The nonce of the next transaction, which is used once it is <see cref="Take"/>n.</summary>
    public ulong Next { get; private set; }

    /// <summary>Heeds that the chain counts this many transactions: others' too, if another process has the key.</summary>
    public void Observe(ulong count) => Next = Math.Max(Next, count);

    /// <summary>Uses the next nonce. To be called when its transaction is on disk, so that whatever fails before leaves no gap.</summary>
    public void Take() => Next++;
}
