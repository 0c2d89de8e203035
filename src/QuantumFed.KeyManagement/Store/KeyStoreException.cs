namespace QuantumFed.KeyManagement;

/// <summary>A store of keys cannot be opened, read or written; what was there before is unchanged.</summary>
public sealed class KeyStoreException : IOException
{
    /// <summary>Sets the message.</summary>
    public KeyStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
