using System.Net;

namespace QuantumFed.Transport;

/// <summary>Where a server listens, and its limits. Set once; checked when the server starts.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>The longest message taken, at most (and by default) 4 MiB; a longer one ends its call with RESOURCE_EXHAUSTED.</summary>
    public int MaxMessageSizeInBytes { get; init; } = MessageFraming.DefaultMaxMessageSizeInBytes;

    /// <summary>How long a TLS handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stopping server waits for its calls before it ends them with UNAVAILABLE.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(EndPoint);
        // A message must fit into a stream's window, or it could never arrive whole.
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSizeInBytes, 1, nameof(MaxMessageSizeInBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxMessageSizeInBytes, MessageFraming.DefaultMaxMessageSizeInBytes, nameof(MaxMessageSizeInBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandshakeTimeout, TimeSpan.Zero, nameof(HandshakeTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(ShutdownTimeout, TimeSpan.Zero, nameof(ShutdownTimeout));
    }
}
