using System.Globalization;

namespace QuantumFed.Transport;

/// <summary>grpc-timeout: at most 8 digits and a unit of H, M, S, m, u, n ("gRPC over HTTP/2", Timeout).</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    /// <summary>The finest unit the value fits in, rounded up, so that the server never gives up before the client.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 1);
        if (ticks <= MaxValue / 100)
            return Text(ticks * 100, 'n');
        (long TicksPerUnit, char Unit)[] units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'), (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach ((long ticksPerUnit, char unit) in units)
        {
            long value = ((ticks - 1) / ticksPerUnit) + 1;
            if (value <= MaxValue)
                return Text(value, unit);
        }
        return Text(Math.Min(((ticks - 1) / TimeSpan.TicksPerHour) + 1, MaxValue), 'H');
    }

    /// <summary>Reads the header; <see langword="false"/> if it is malformed. What a TimeSpan cannot hold is cut off at its maximum.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            return false;
        Int128 ticks;
        switch (text[^1])
        {
            case 'H': ticks = (Int128)value * TimeSpan.TicksPerHour; break;
            case 'M': ticks = (Int128)value * TimeSpan.TicksPerMinute; break;
            case 'S': ticks = (Int128)value * TimeSpan.TicksPerSecond; break;
            case 'm': ticks = (Int128)value * TimeSpan.TicksPerMillisecond; break;
            case 'u': ticks = (Int128)value * TimeSpan.TicksPerMicrosecond; break;
            case 'n': ticks = (value + 99) / 100; break;
            default: return false;
        }
        timeout = ticks > long.MaxValue ? TimeSpan.MaxValue : new TimeSpan((long)ticks);
        return true;
    }

    private static string Text(long value, char unit) => string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
}
