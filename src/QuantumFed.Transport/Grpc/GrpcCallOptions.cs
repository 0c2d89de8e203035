namespace QuantumFed.Transport;

/// <summary>What a caller may set for one call.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>No deadline, no metadata.</summary>
    public static GrpcCallOptions None { get; } = new();

    /// <summary>When to stop waiting; the server learns it too. <see langword="null"/>: never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Metadata for the handler.</summary>
    public GrpcMetadata Metadata { get; init; } = GrpcMetadata.Empty;
}
