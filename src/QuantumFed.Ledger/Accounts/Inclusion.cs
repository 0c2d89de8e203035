namespace QuantumFed.Ledger;

/// <summary>What the chain says of a transaction.</summary>
/// <param name="Final">Its receipt, once its block counts.</param>
/// <param name="Depth">The blocks from its own to the newest, both counted; 0 if it is in no block of the chain.</param>
internal readonly record struct Inclusion(TransactionReceipt? Final, ulong Depth)
{
    /// <summary>Whether it is in a block of the chain, deep enough or not.</summary>
    public bool IsInBlock => Depth > 0;
}
