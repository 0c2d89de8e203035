namespace QuantumFed.KeyManagement;

/// <summary>Why a link brings no new key, or nothing where it does. Thread safe.</summary>
public sealed class LinkAlarm
{
    private string? _reason;

    /// <summary>The reason, in a sentence for people, or null.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Raises the alarm; <see langword="true"/> if there was none before.</summary>
    public bool Raise(string reason) => Interlocked.Exchange(ref _reason, reason) is null;

    /// <summary>Ends it; <see langword="true"/> if there was one.</summary>
    public bool Clear() => Interlocked.Exchange(ref _reason, null) is not null;
}
