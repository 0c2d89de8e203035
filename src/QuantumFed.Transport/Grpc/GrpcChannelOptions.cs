namespace QuantumFed.Transport;

/// <summary>A channel's limits.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>How long connecting, handshake included, may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection is silent before it is pinged; at least a second.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer to a ping may take before the connection is given up; at least a second.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest message taken (4 MiB by default); a longer one ends its call with RESOURCE_EXHAUSTED.</summary>
    public int MaxMessageSizeInBytes { get; init; } = MessageFraming.DefaultMaxMessageSizeInBytes;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveDelay, TimeSpan.FromSeconds(1), nameof(KeepAliveDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepAliveTimeout, TimeSpan.FromSeconds(1), nameof(KeepAliveTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageSizeInBytes, 1, nameof(MaxMessageSizeInBytes));
    }
}
