namespace QuantumFed.Ledger;

/// <summary>
/// The ledger's node gave no usable answer: unreachable, too slow, or answering what the protocol does not allow. Whether a transaction
/// that was being sent is applied is then unknown; sending the step again is safe.
/// </summary>
public sealed class LedgerUnavailableException : Exception
{
    /// <summary>An unspecified failure.</summary>
    public LedgerUnavailableException()
        : this("The ledger gave no usable answer.")
    {
    }

    /// <summary>A failure in words.</summary>
    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>A failure in words, and its cause.</summary>
    public LedgerUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the answer was larger than a client takes: a smaller question may be answered.</summary>
    internal bool IsOversize { get; init; }
}
