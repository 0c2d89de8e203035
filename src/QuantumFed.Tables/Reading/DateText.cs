using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>Dates as numbers: days since 1970-01-01, with the time of day as a fraction.</summary>
internal static class DateText
{
    private const int MaxLength = 40;

    private static readonly string[][] s_formats =
    [
        WithTimes("yyyy-M-d", "yyyy/M/d", ["THH:mm", "THH:mm:ss", "THH:mm:ss.FFFFFFF", "THH:mm:ssK", "THH:mm:ss.FFFFFFFK", " HH:mm:ssK", " HH:mm:ss.FFFFFFF"]),
        WithTimes("d.M.yyyy", null, []),
        WithTimes("M/d/yyyy", "M-d-yyyy", [" h:mm tt", " h:mm:ss tt"]),
        WithTimes("d/M/yyyy", "d-M-yyyy", []),
        ["d-MMM-yyyy", "d MMM yyyy", "d-MMMM-yyyy", "d MMMM yyyy"],
    ];

    /// <summary>All forms, in the order they are tried.</summary>
    public static IReadOnlyList<DateForm> Forms { get; } = Enum.GetValues<DateForm>();

    /// <summary>Reads a date of one form.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, DateForm form, out double days)
    {
        days = 0;
        if (text.Length is < 6 or > MaxLength || !char.IsAsciiDigit(text[0])) return false;
        if (!DateTime.TryParseExact(text, s_formats[(int)form], CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime date)) return false;
        days = (date - DateTime.UnixEpoch).TotalDays;
        return true;
    }

    /// <summary>The form in words, for a summary.</summary>
    public static string NameOf(DateForm form) => form switch
    {
        DateForm.Iso => "year-month-day",
        DateForm.DayMonthYearDots => "day.month.year",
        DateForm.MonthDayYear => "month/day/year",
        DateForm.DayMonthYear => "day/month/year",
        _ => "day month-name year",
    };

    private static string[] WithTimes(string date, string? otherDate, string[] moreTimes)
    {
        string[] times = ["", " HH:mm", " HH:mm:ss", .. moreTimes];
        string[] dates = otherDate is null ? [date] : [date, otherDate];
        return [.. dates.SelectMany(d => times.Select(t => d + t))];
    }
}
