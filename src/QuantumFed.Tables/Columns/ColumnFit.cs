using System.Globalization;
using static System.FormattableString;

namespace QuantumFed.Tables;

/// <summary>Decides from the training rows what becomes of a column.</summary>
internal static class ColumnFit
{
    /// <summary>The share of the cells with a value that must be of one kind for the column to be of it.</summary>
    private const double KindShare = 0.95;

    private const int MinRowsToSuspect = 20;
    private const int MinRowsForIds = 100;
    private const int CertainlyIds = 1000;

    private static readonly HashSet<string> s_idNames = new(["id", "nr", "no", "number", "key", "index", "row", "mrn"], StringComparer.Ordinal);
    private static readonly string[] s_idEndings = ["_id", " id", "_nbr", "_nr", "_no", "_key", "_number", "_index"];

    /// <summary>The recipe of a column, and its row in the summary.</summary>
    /// <param name="column">What the training rows hold.</param>
    /// <param name="delimiter">The file's separator: where it is not a comma, a comma in a number is a decimal comma.</param>
    public static (ColumnRecipe Recipe, ColumnSummary Summary) Fit(ColumnProfile column, char delimiter)
    {
        int present = column.RowCount - column.MissingCount;
        if (present == 0) return Drop(column, "no training row has a value");
        if (column.Spec.Wish == ColumnWish.Category) return Category(column);

        ReadOnlySpan<double> point = column.Numbers, comma = column.CommaNumbers;
        if (comma.Length > 0)
        {
            bool unclear = delimiter == ',' && column.ThousandsCount == comma.Length;
            if (unclear && point.Length >= KindShare * present) return Number(column, point.ToArray(), false);
            // A few such cells in a column of texts are texts.
            if (comma.Length < (1 - KindShare) * present && column.TextCount > point.Length) return Category(column);
            if (unclear)
                return Drop(column, "commas in its numbers (1,234) may be decimal or group thousands; write them with a point or without commas");
            if (point.Length + comma.Length < KindShare * present)
                return Drop(column, "numbers with decimal commas stand among other texts; write them with a point");
            return Number(column, [.. point, .. comma], true);
        }

        if (point.Length >= KindShare * present) return Number(column, point.ToArray(), false);
        if (!column.IsOverfull && DateFormOf(column.Texts, out bool ambiguous) is { } form && column.TextCount >= KindShare * present) return Date(column, form, ambiguous);
        return Category(column);
    }

    /// <summary>The form in which at least 95 % of the texts are dates.</summary>
    /// <param name="texts">The texts and how often they occur.</param>
    /// <param name="ambiguous">Whether day and month may be the other way round.</param>
    public static DateForm? DateFormOf(Dictionary<string, int> texts, out bool ambiguous)
    {
        ambiguous = false;
        long all = texts.Values.Sum(count => (long)count);
        if (all == 0) return null;
        DateForm? found = null;
        foreach (DateForm form in DateText.Forms)
        {
            long dates = 0, rest = all;
            foreach ((string text, int count) in texts)
            {
                if (DateText.TryRead(text, form, out _)) dates += count;
                rest -= count;
                if (dates + rest < KindShare * all) break;
            }

            if (dates < KindShare * all) continue;
            if (found is not null) ambiguous = true;
            found ??= form;
        }

        return found;
    }

    /// <summary>A column of numbers, given in the order of the rows; the array is sorted.</summary>
    private static (ColumnRecipe, ColumnSummary) Number(ColumnProfile column, double[] numbers, bool decimalComma)
    {
        int missing = column.RowCount - numbers.Length;
        bool ascending = IsAscending(numbers);
        double[] sorted = numbers;
        Array.Sort(sorted);
        if (column.Spec.Reading == CellReading.AsWritten && AreIds(column.Spec.Source, sorted, ascending))
            return Drop(column, "a different whole number in every training row: an id");
        if (sorted[0] == sorted[^1])
        {
            if (missing == 0) return Drop(column, "the same value in every training row");
            return With(column, new ColumnRecipe.Category(column.Spec.Source, column.Spec.Reading, [Cell.NumberText(sorted[0])], false, true),
                missing, "the same value in every training row that has one; only whether there is one is used");
        }

        double median = MedianOf(sorted);
        LineReport commas = column.CommaLines;
        string odd = (column.TextLines.Count == 0 ? "" : $"; {column.TextLines.Of("cell")} not a number, taken as missing: {column.TextLines}")
            + (decimalComma || commas.Count == 0 ? "" : $"; {commas.Of("cell")} with a comma that may group thousands, taken as missing: {commas}");
        return With(column, new ColumnRecipe.Number(column.Spec.Source, column.Spec.Reading, column.Spec.Scale, decimalComma, median, missing > 0), missing,
            Invariant($"{(decimalComma ? "decimal commas; " : "")}median {median:G6}") + (column.Spec.Scale == NumberScale.LogOnePlus ? ", used as log(1 + x)" : "") + odd);
    }

    private static (ColumnRecipe, ColumnSummary) Date(ColumnProfile column, DateForm form, bool ambiguous)
    {
        List<double> days = [];
        foreach ((string text, int count) in column.Texts)
            if (DateText.TryRead(text, form, out double day)) days.AddRange(Enumerable.Repeat(day, count));
        int missing = column.RowCount - days.Count;
        days.Sort();
        if (days[0] == days[^1]) return Drop(column, "the same date in every training row that has one");
        double median = MedianOf([.. days]);
        string note = ambiguous ? "; it could be read otherwise too" : "";
        string odd = missing > column.MissingCount ? Invariant($"; {missing - column.MissingCount} cells are no such dates, taken as missing") : "";
        return With(column, new ColumnRecipe.CalendarDate(column.Spec.Source, form, median, missing > 0), missing,
            $"{DateText.NameOf(form)}, as days since 1970-01-01{note}{odd}");
    }

    private static (ColumnRecipe, ColumnSummary) Category(ColumnProfile column)
    {
        int present = column.RowCount - column.MissingCount;
        if (column.IsOverfull) return Drop(column, "too many different texts: free text or ids");
        Dictionary<string, int> values = column.Values();
        if (present >= MinRowsToSuspect && values.Count > 0.9 * present) return Drop(column, "nearly every value differs: free text or ids");
        double least = Math.Max(5, 0.001 * column.RowCount);
        string[] kept =
        [
            .. values.Where(v => v.Value >= least).OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal)
                .Take(column.Spec.MaxCategories).Select(v => v.Key),
        ];
        if (kept.Length == 0) return Drop(column, Invariant($"none of its {values.Count} different values occurs in {Math.Ceiling(least):0} training rows"));
        bool other = kept.Length < values.Count || column.CommaLines.Count > 0, flag = column.MissingCount > 0;
        if (kept.Length == 1 && !other && !flag) return Drop(column, "the same value in every training row");
        string rest = other ? Invariant($"; {values.Count - kept.Length} rarer ones are 'other'") : "";
        return With(column, new ColumnRecipe.Category(column.Spec.Source, column.Spec.Reading, kept, other, flag), column.MissingCount,
            Invariant($"{kept.Length} {(kept.Length == 1 ? "category" : "categories")}, '{Printable(kept[0])}' as the base") + rest);
    }

    /// <summary>Whether whole numbers that all differ are numbers of rows or patients rather than measurements.</summary>
    private static bool AreIds(string name, double[] sorted, bool ascending)
    {
        if (sorted.Length < MinRowsForIds) return false;
        for (int i = 0; i < sorted.Length; i++)
            if (Math.Floor(sorted[i]) != sorted[i] || (i > 0 && sorted[i] == sorted[i - 1])) return false;
        if (sorted.Length >= CertainlyIds || sorted[^1] - sorted[0] < 2.0 * sorted.Length || ascending) return true;
        string lower = name.ToLowerInvariant();
        return s_idNames.Contains(lower) || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("ID", StringComparison.Ordinal)
            || Array.Exists(s_idEndings, ending => lower.EndsWith(ending, StringComparison.Ordinal));
    }

    private static bool IsAscending(double[] numbers)
    {
        for (int i = 1; i < numbers.Length; i++)
            if (!(numbers[i] > numbers[i - 1])) return false;
        return true;
    }

    private static double MedianOf(double[] sorted)
    {
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
    }

    private static (ColumnRecipe, ColumnSummary) Drop(ColumnProfile column, string reason)
        => With(column, new ColumnRecipe.Dropped(column.Spec.Source, reason), column.MissingCount, reason);

    private static (ColumnRecipe, ColumnSummary) With(ColumnProfile column, ColumnRecipe recipe, int missing, string description)
    {
        string kind = recipe switch
        {
            ColumnRecipe.Number => "number",
            ColumnRecipe.CalendarDate => "date",
            ColumnRecipe.Category => "category",
            _ => "dropped",
        };
        return (recipe, new ColumnSummary(Printable(column.Spec.Source), kind, missing, recipe.FeatureCount, description));
    }

    private static string Printable(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= 60 ? line : line[..57] + "...";
    }
}
