namespace QuantumFed.KeyManagement;

/// <summary>No key was delivered, and none was taken.</summary>
public sealed class KeyDeliveryException : Exception
{
    /// <summary>Sets the failure and a sentence for people.</summary>
    public KeyDeliveryException(KeyDeliveryFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>The failure.</summary>
    public KeyDeliveryFailure Failure { get; }
}
