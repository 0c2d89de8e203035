using System.Globalization;

namespace QuantumFed.Ledger;

/// <summary>The ledger's times for people. Contracts take any number of seconds; what lies beyond the year 9999 is shown as its last second.</summary>
public static class LedgerTime
{
    private static readonly ulong LastSecond = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Unix time in seconds as text: 2026-11-28 16:45:18Z.</summary>
    public static string Text(ulong seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(seconds, LastSecond)):yyyy-MM-dd HH:mm:ss}Z");

    /// <summary>The same to the minute: 2026-11-28 16:45Z.</summary>
    public static string TextToTheMinute(ulong seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(seconds, LastSecond)):yyyy-MM-dd HH:mm}Z");
}
