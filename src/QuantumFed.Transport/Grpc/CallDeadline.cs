namespace QuantumFed.Transport;

/// <summary>The moment a call must have ended by, with a token cancelled then, or earlier by whoever may cancel the call.</summary>
internal sealed class CallDeadline : IDisposable
{
    /// <summary>The longest a timer runs; a deadline beyond it (49 days) is reported and not enforced.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource _linked;

    public CallDeadline(TimeSpan? remaining, TimeProvider time, CancellationToken cancellationToken, CancellationToken stopping = default)
    {
        if (remaining is { } left && left <= LongestTimer)
            _timer = left > TimeSpan.Zero ? new CancellationTokenSource(left, time) : new CancellationTokenSource(TimeSpan.Zero);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping, _timer?.Token ?? CancellationToken.None);
    }

    /// <summary>Cancelled at the deadline, by the caller's token, and when the server cuts its calls off.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the moment has come.</summary>
    public bool Passed => _timer is { IsCancellationRequested: true };

    /// <summary>Cancels <see cref="Token"/> now.</summary>
    public void Cancel() => _linked.Cancel();

    /// <summary>A moment so far from now, at the latest the last one there is.</summary>
    public static DateTimeOffset After(DateTimeOffset now, TimeSpan timeout) =>
        timeout >= DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + timeout;

    public void Dispose()
    {
        _linked.Dispose();
        _timer?.Dispose();
    }
}
