namespace QuantumFed.Qkd;

/// <summary>A link's classical channel was cut: the other end is gone.</summary>
public sealed class LinkChannelException : Exception
{
    /// <summary>Without details.</summary>
    public LinkChannelException() : this("The link's classical channel was cut.") { }

    /// <summary>With what happened.</summary>
    public LinkChannelException(string message) : base(message) { }

    /// <summary>With what happened, and its cause.</summary>
    public LinkChannelException(string message, Exception innerException) : base(message, innerException) { }
}
