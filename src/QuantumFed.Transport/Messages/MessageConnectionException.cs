namespace QuantumFed.Transport;

/// <summary>A connection of messages cannot be made, was cut, or its peer sent what is no message.</summary>
public sealed class MessageConnectionException : IOException
{
    /// <summary>Sets the message.</summary>
    public MessageConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
