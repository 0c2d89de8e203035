namespace QuantumFed.KeyManagement;

/// <summary>Why a link brings no new key, or nothing where it does. Thread safe.</summary>
public sealed class LinkAlarm
{
    // Not the store's own words, which name its file: applications, and in the end the round's record, are told the reason.
    internal const string DiskFull = "the key manager's disk is full";

    private string? _reason;

    /// <summary>The reason, in a sentence for people, or null.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Raises the alarm; <see langword="true"/> if there was none before.</summary>
    public bool Raise(string reason) => Interlocked.Exchange(ref _reason, reason) is null;

    /// <summary>Ends it; <see langword="true"/> if there was one.</summary>
    public bool Clear() => Interlocked.Exchange(ref _reason, null) is not null;
}
