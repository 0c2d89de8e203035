namespace QuantumFed.Node;

/// <summary>
/// How long to wait before the ledger is asked again: a hundredth of the wait so far, from 20 milliseconds to one second. So what is late is late
/// by one per cent, and asking costs next to nothing where members train for minutes.
/// </summary>
internal static class PollPace
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>The next wait, after so long a wait.</summary>
    public static TimeSpan After(TimeSpan waited) => TimeSpan.FromTicks(Math.Clamp(waited.Ticks / 100, Shortest.Ticks, Longest.Ticks));
}
