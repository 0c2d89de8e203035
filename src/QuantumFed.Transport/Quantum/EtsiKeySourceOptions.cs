namespace QuantumFed.Transport;

/// <summary>How long a key manager has: each above zero and at most 10 minutes.</summary>
public sealed record EtsiKeySourceOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>How long connecting, handshake included, may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a whole answer may take, connecting included.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConnectTimeout, Longest, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero, nameof(AnswerTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AnswerTimeout, Longest, nameof(AnswerTimeout));
    }
}
