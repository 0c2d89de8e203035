namespace QuantumFed.Transport;

/// <summary>What is asked of a key manager, and how long it has: each time above zero and at most 10 minutes.</summary>
public sealed record EtsiKeySourceOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>How long connecting, handshake included, may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a whole answer may take, connecting included.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The size of the keys that are obtained, in bits: from 256 to 8192, whole bytes.</summary>
    public int KeySizeInBits { get; init; } = 8 * QuantumKey.MinSizeInBytes;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(KeySizeInBits, 8 * QuantumKey.MinSizeInBytes, nameof(KeySizeInBits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(KeySizeInBits, 8 * QuantumKey.MaxSizeInBytes, nameof(KeySizeInBits));
        if (KeySizeInBits % 8 != 0)
            throw new ArgumentException($"A key has whole bytes, not {KeySizeInBits} bits.", nameof(KeySizeInBits));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ConnectTimeout, Longest, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero, nameof(AnswerTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AnswerTimeout, Longest, nameof(AnswerTimeout));
    }
}
