namespace QuantumFed.Ledger;

/// <summary>The ledger is reachable but is not the one that was agreed on: another chain, other code, or another charter.</summary>
public sealed class LedgerMismatchException : Exception
{
    /// <summary>An unspecified difference.</summary>
    public LedgerMismatchException()
        : this("The ledger is not the one that was agreed on.")
    {
    }

    /// <summary>A difference in words.</summary>
    public LedgerMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>A difference in words, and its cause.</summary>
    public LedgerMismatchException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
