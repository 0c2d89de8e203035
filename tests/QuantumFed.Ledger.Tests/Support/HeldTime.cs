namespace QuantumFed.Ledger.Tests;

/// <summary>The system's clock, but for timers of some length and more: those end when a test says so, however busy the machine is.</summary>
/// <param name="from">The least length of a timer that is held.</param>
internal sealed class HeldTime(TimeSpan from) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Held> _held = [];

    /// <summary>Whether a timer of exactly this length waits for its end.</summary>
    public bool Holds(TimeSpan length)
    {
        lock (_lock)
            return _held.Exists(timer => timer.Length == length);
    }

    /// <summary>Ends the newest timer of exactly this length; where there is none, all that are held.</summary>
    public void End(TimeSpan length)
    {
        Held[] ended;
        lock (_lock)
        {
            ended = _held.FindLast(timer => timer.Length == length) is { } newest ? [newest] : [.. _held];
            _held.RemoveAll(timer => ended.Contains(timer));
        }
        foreach (Held timer in ended)
            timer.End();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < from)
            return base.CreateTimer(callback, state, dueTime, period);
        Held timer = new(this, callback, state, dueTime);
        lock (_lock)
            _held.Add(timer);
        return timer;
    }

    private sealed class Held(HeldTime time, TimerCallback callback, object? state, TimeSpan length) : ITimer
    {
        public TimeSpan Length => length;

        public void End() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._lock)
                time._held.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
