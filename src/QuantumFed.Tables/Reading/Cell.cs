using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>How the text of one cell is understood.</summary>
internal static class Cell
{
    /// <summary>The longest text that tells categories apart, in characters; what follows is ignored.</summary>
    public const int MaxTextLength = 100;

    /// <summary>A double in its shortest form has no more characters.</summary>
    public const int MaxNumberLength = 32;

    /// <summary>The largest absolute value of a number, 2^63; beyond it a cell is not a number.</summary>
    public const double MaxMagnitude = 8.0 * (1L << 60);

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> MissingMarkers =
        new HashSet<string>(
            ["NA", "N/A", "#N/A", "N.A.", "<NA>", "NaN", "null", "(null)", "nil", "none", "?", "-", "--", "."], StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a trimmed cell says that there is no value.</summary>
    public static bool IsMissing(ReadOnlySpan<char> cell)
        => cell.IsEmpty || (cell.Length <= 6 && MissingMarkers.Contains(cell));

    /// <summary>A label says so in the same ways, except that <c>none</c> is a value: a class may be called so.</summary>
    public static bool IsMissingLabel(ReadOnlySpan<char> cell) => IsMissing(cell) && !cell.Equals("none", StringComparison.OrdinalIgnoreCase);

    /// <summary>A number with a decimal point, within <see cref="MaxMagnitude"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<char> cell, out double value)
    {
        value = 0;
        if (cell.IsEmpty || !(char.IsAsciiDigit(cell[0]) || cell[0] is '-' or '+' or '.')) return false;
        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !(Math.Abs(value) <= MaxMagnitude)) return false;
        value += 0.0; // -0 becomes 0
        return true;
    }

    /// <summary>A number with one decimal comma and no point.</summary>
    public static bool TryCommaNumber(ReadOnlySpan<char> cell, out double value)
    {
        value = 0;
        int comma = cell.IndexOf(',');
        if (comma < 0 || cell.Length > 64 || cell.Contains('.') || cell.LastIndexOf(',') != comma) return false;
        Span<char> point = stackalloc char[cell.Length];
        cell.CopyTo(point);
        point[comma] = '.';
        return TryNumber(point, out value);
    }

    /// <summary>Whether a comma may as well group thousands: 1,234.</summary>
    public static bool MayGroupThousands(ReadOnlySpan<char> cell)
    {
        int comma = cell.IndexOf(',');
        ReadOnlySpan<char> whole = cell[..comma].TrimStart("+-"), rest = cell[(comma + 1)..];
        return whole.Length is >= 1 and <= 3 && rest.Length == 3 && !rest.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>What tells categories apart: a number in its shortest form (1.0 is 1), any other text trimmed and shortened.</summary>
    public static string CategoryText(ReadOnlySpan<char> cell) => CategoryText(cell.Trim(), stackalloc char[MaxNumberLength]).ToString();

    /// <summary>The same without a string of its own.</summary>
    /// <param name="trimmed">The cell, trimmed.</param>
    /// <param name="buffer">Room for <see cref="MaxNumberLength"/> characters, where a number may be written.</param>
    public static ReadOnlySpan<char> CategoryText(ReadOnlySpan<char> trimmed, Span<char> buffer)
    {
        if (TryNumber(trimmed, out double number))
            return number.TryFormat(buffer, out int written, "R", CultureInfo.InvariantCulture) ? buffer[..written] : NumberText(number);
        if (trimmed.Length <= MaxTextLength) return trimmed;
        return trimmed[..(char.IsHighSurrogate(trimmed[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
    }

    /// <summary>A number in its shortest form.</summary>
    public static string NumberText(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
