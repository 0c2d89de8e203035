namespace QuantumFed.Ledger;

/// <summary>Why one attempt at a call gave no usable answer, and whether and when another may.</summary>
internal sealed class RpcFault(string message, Exception? cause, bool isPassing, TimeSpan? retryAfter = null, bool isOversize = false) : Exception(message, cause)
{
    /// <summary>Whether it may be gone the next time.</summary>
    public bool IsPassing { get; } = isPassing;

    /// <summary>How long the node asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the answer was larger than this client takes.</summary>
    public bool IsOversize { get; } = isOversize;
}
