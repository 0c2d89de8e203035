namespace QuantumFed.Transport;

/// <summary>The kinds of first answer that tell a strict server from a lax one.</summary>
internal enum ServerAnswerKind
{
    /// <summary>Neither of the two.</summary>
    Other,

    /// <summary>A fatal alert.</summary>
    Alert,

    /// <summary>A request for a key share of a group the server takes.</summary>
    HelloRetryRequest,
}
