namespace QuantumFed.Qkd;

/// <summary>The other end of a link, or whoever holds the channel, did not follow the protocol. The block is refused.</summary>
public sealed class LinkProtocolException : Exception
{
    /// <summary>Without details.</summary>
    public LinkProtocolException() : this("The other end broke the link's protocol.") { }

    /// <summary>With what was wrong.</summary>
    public LinkProtocolException(string message) : base(message) { }

    /// <summary>With what was wrong, and its cause.</summary>
    public LinkProtocolException(string message, Exception innerException) : base(message, innerException) { }

    internal LinkProtocolException(string message, LinkRefusal answer) : this(message) => Answer = answer;

    internal LinkProtocolException(LinkRefusal refusal) : base($"The other end refused: {refusal}.") => Refusal = refusal;

    /// <summary>What the other end said when it was that end that refused; nobody vouches for it.</summary>
    public LinkRefusal? Refusal { get; }

    /// <summary>What to tell the other end when this end refused.</summary>
    internal LinkRefusal Answer { get; } = LinkRefusal.BrokenProtocol;
}
