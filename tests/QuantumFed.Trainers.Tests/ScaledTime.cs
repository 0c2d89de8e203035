namespace QuantumFed.Trainers.Tests;

/// <summary>A clock a hundred times as fast as the real one, so that a limit of minutes passes in a second.</summary>
internal sealed class ScaledTime : TimeProvider
{
    private const int Factor = 100;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / Factor, period);
}
