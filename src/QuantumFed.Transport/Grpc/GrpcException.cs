namespace QuantumFed.Transport;

/// <summary>
/// A call that ended with another status than OK: thrown by a channel, and by a handler to answer with exactly this status and detail.
/// The peer reads the detail, so it must hold nothing secret.
/// </summary>
public sealed class GrpcException : Exception
{
    /// <summary>Sets the status, a detail that the peer may read, and trailing metadata.</summary>
    /// <exception cref="ArgumentException"><paramref name="status"/> is OK or none of gRPC's codes.</exception>
    public GrpcException(GrpcStatusCode status, string detail, GrpcMetadata? trailers = null, Exception? innerException = null)
        : base($"{status}: {detail}", innerException)
    {
        if (status is < GrpcStatusCode.Cancelled or > GrpcStatusCode.Unauthenticated)
            throw new ArgumentException("A failed call has one of gRPC's codes other than OK.", nameof(status));
        ArgumentNullException.ThrowIfNull(detail);
        Status = status;
        Detail = detail;
        Trailers = trailers ?? GrpcMetadata.Empty;
    }

    /// <summary>The status.</summary>
    public GrpcStatusCode Status { get; }

    /// <summary>The status message as the peer wrote it, or one made here; may be empty.</summary>
    public string Detail { get; }

    /// <summary>The trailing metadata.</summary>
    public GrpcMetadata Trailers { get; }
}
