namespace QuantumFed.Ledger;

/// <summary>A call from when it was asked for until its outcome is known: whoever asks for the same meanwhile waits for the same transaction.</summary>
internal sealed class PendingCall
{
    /// <summary>Its transaction, once it has one.</summary>
    public InFlightTransaction? Transaction { get; set; }

    /// <summary>The receipt of the call's transaction.</summary>
    public Task<TransactionReceipt> Outcome { get; set; } = null!;
}
