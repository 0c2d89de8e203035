using System.Globalization;

namespace QuantumFed.Report;

/// <summary>Figures as a reader sees them, in the invariant culture.</summary>
internal static class Wording
{
    /// <summary>What stands where nothing was measured.</summary>
    public const string Missing = "–";

    private static readonly string[] SmallNumbers =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>0.77128 as "77.1 %", with a space that does not break.</summary>
    public static string Percent(double? fraction) => Percent(fraction, 1);

    /// <summary>0.77128 as "77.13 %".</summary>
    public static string ExactPercent(double? fraction) => Percent(fraction, 2);

    /// <summary>An axis label: as many decimals as its step needs.</summary>
    public static string Percent(double? fraction, int decimals) =>
        Measured.Fraction(fraction) is { } value ? Fixed(value * 100, decimals) + "\u00A0%" : Missing;

    /// <summary>An AUC or a loss with four decimals.</summary>
    public static string Four(double? value) => Measured.Loss(value) is { } known ? Fixed(known, 4) : Missing;

    /// <summary>A difference of fractions as "+4.3 points".</summary>
    public static string Points(double difference)
    {
        double rounded = Math.Round(difference * 100, 1);
        return (rounded > 0 ? "+" : rounded < 0 ? "−" : "±") + Fixed(Math.Abs(rounded), 1) + " points";
    }

    /// <summary>A difference of fractions for a sentence: "4.3 points higher".</summary>
    public static string Difference(double difference)
    {
        double rounded = Math.Round(Math.Abs(difference) * 100, 1);
        return rounded == 0 ? "equal to that within 0.05 points" : $"{Fixed(rounded, 1)} points {(difference > 0 ? "higher" : "lower")}";
    }

    /// <summary>Seconds with two decimals, "s" left to the header.</summary>
    public static string Seconds(double? seconds) => Measured.Amount(seconds) is { } known ? Fixed(known, 2) : Missing;

    /// <summary>A length of time for a sentence: "48.2 s", "12 min 5 s", "3 h 20 min".</summary>
    public static string Duration(double seconds)
    {
        if (seconds < 100)
            return Fixed(seconds, 1) + " s";
        long whole = (long)Math.Round(seconds);
        return whole < 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{whole / 60} min {whole % 60} s")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:N0} h {whole / 60 % 60} min");
    }

    /// <summary>Bytes with a binary unit: "55.8 KiB".</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
            bytes /= 1024;
        return Fixed(bytes, unit == 0 ? 0 : 1) + " " + units[unit];
    }

    /// <summary>Bytes with their thousands set apart: "57,139".</summary>
    public static string WholeBytes(double? bytes) =>
        Measured.Amount(bytes) is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : Missing;

    /// <summary>A count with its thousands set apart.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count, or the sign for missing.</summary>
    public static string Count(long? count) => count is { } known ? Count(known) : Missing;

    /// <summary>A count with its noun: "1 round", "12 rounds".</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A small count as a word: "four hospitals".</summary>
    public static string InWords(int count, string noun) =>
        $"{(count < SmallNumbers.Length ? SmallNumbers[count] : Count(count))} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>The first letter as a capital.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>A number as text, whole or not, without trailing zeros.</summary>
    public static string Plain(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Fixed(double value, int decimals) =>
        value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
