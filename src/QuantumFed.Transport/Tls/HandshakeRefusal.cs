namespace QuantumFed.Transport;

/// <summary>Why this side refused the last handshake of a client's connections. Thread safe.</summary>
internal sealed class HandshakeRefusal
{
    private string? _reason;

    /// <summary>Notes a handshake: its refusal, or null if it was accepted.</summary>
    public void Note(string? reason) => Volatile.Write(ref _reason, reason);

    /// <summary>The reason, once.</summary>
    public string? Take() => Interlocked.Exchange(ref _reason, null);
}
