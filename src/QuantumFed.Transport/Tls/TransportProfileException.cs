namespace QuantumFed.Transport;

/// <summary>This process cannot speak the consortium's TLS profile, or would also speak a weaker one; it refuses to serve. The message says what to do.</summary>
public sealed class TransportProfileException : Exception
{
    /// <summary>Says what is missing and how to get it.</summary>
    public TransportProfileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
