namespace QuantumFed.KeyManagement;

/// <summary>A store of keys cannot be opened, read or written; what was there before is unchanged.</summary>
public sealed class KeyStoreException : IOException
{
    /// <summary>Sets the message.</summary>
    public KeyStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether room on the disk is all that is missing: nothing was lost, and the store goes on when there is some.</summary>
    public bool IsDiskFull { get; internal init; }
}
