namespace QuantumFed.KeyManagement;

/// <summary>A key did not get over a route. It is lost; the next has other keys.</summary>
public sealed class RelayException : Exception
{
    /// <summary>Sets the message.</summary>
    public RelayException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
