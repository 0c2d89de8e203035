namespace QuantumFed.Report;

/// <summary>A link between two parties and the suite that it negotiated; null where not measured.</summary>
public sealed record ReportLink
{
    /// <summary>The party that dials.</summary>
    public required string From { get; init; }

    /// <summary>The party that answers.</summary>
    public required string To { get; init; }

    /// <summary>For example <c>TLSv1.3</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>The key exchange, for example <c>X25519MLKEM768</c>.</summary>
    public string? Group { get; init; }

    /// <summary>The signature algorithm of the certificates, for example <c>mldsa65</c>.</summary>
    public string? Signature { get; init; }

    /// <summary>The cipher suite, for example <c>TLS_AES_256_GCM_SHA384</c>.</summary>
    public string? Cipher { get; init; }

    /// <summary>What else is to be said, for example that this link is not post-quantum.</summary>
    public string? Note { get; init; }
}
