namespace QuantumFed.Ledger;

/// <summary>
/// How long to wait before a receipt is asked for again: a quarter of the wait so far, from 2 to 500 milliseconds. What is late is late by that
/// much at most, and a block of two seconds costs two dozen questions.
/// </summary>
internal static class ReceiptPace
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <summary>The next wait, after so long a wait.</summary>
    public static TimeSpan After(TimeSpan waited) => TimeSpan.FromTicks(Math.Clamp(waited.Ticks / 4, Shortest.Ticks, Longest.Ticks));
}
