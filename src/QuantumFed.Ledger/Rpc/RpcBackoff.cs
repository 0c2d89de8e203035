using System.Security.Cryptography;

namespace QuantumFed.Ledger;

/// <summary>Waits that double from one attempt to the next, each shortened by chance so that many callers do not come back at once.</summary>
internal static class RpcBackoff
{
    /// <summary>Attempts at one call.</summary>
    public const int Attempts = 5;

    /// <summary>The longest that a node's Retry-After is waited for.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(25);

    /// <summary>The wait after an attempt, counted from 0: half of 25 ms, 50 ms, 100 ms, ... and up to as much again.</summary>
    public static TimeSpan After(int attempt) => First * (1 << attempt) * (0.5 + RandomNumberGenerator.GetInt32(1 << 16) / (double)(1 << 17));
}
