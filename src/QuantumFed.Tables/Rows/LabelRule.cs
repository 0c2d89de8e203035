using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>How the label column's values become classes.</summary>
/// <param name="PositiveValue">The value that is 1, every other being 0; else <see langword="null"/>.</param>
/// <param name="Values">Without a positive value, each class's value; the place is the label.</param>
internal sealed record LabelRule(string? PositiveValue, IReadOnlyList<string> Values)
{
    private static readonly HashSet<string> s_negatives = new(
        ["0", "-1", "false", "f", "no", "n", "negative", "neg", "absent", "alive", "healthy", "control", "benign", "normal"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_positives = new(
        ["1", "true", "t", "yes", "y", "positive", "pos", "present", "dead", "died", "case", "malignant", "abnormal"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of classes.</summary>
    public int ClassCount => PositiveValue is null ? Values.Count : 2;

    /// <summary>The classes' names: the values, printable, short and no two alike.</summary>
    public IReadOnlyList<string> ClassNames()
    {
        FeatureNameList names = new();
        IEnumerable<string> values = PositiveValue is null ? Values : ["not " + PositiveValue, PositiveValue];
        foreach (string value in values) names.Add(value);
        return names.Names;
    }

    /// <summary>The class of a cell; <see langword="false"/> where it is missing or none of the classes.</summary>
    public bool TryClassOf(string cell, out byte label)
    {
        string text = Cell.CategoryText(cell);
        label = 0;
        if (PositiveValue is not null)
        {
            if (text == PositiveValue)
            {
                label = 1;
                return true;
            }

            return !Cell.IsMissingLabel(text);
        }

        for (int i = 0; i < Values.Count; i++)
        {
            if (Values[i] != text) continue;
            label = (byte)i;
            return true;
        }

        return false;
    }

    /// <summary>Chooses the classes from the values that occur.</summary>
    /// <param name="values">The different values that are not missing, in any order.</param>
    /// <param name="column">The label's column.</param>
    /// <param name="positive">The value that is to be 1, or <see langword="null"/>.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="message">Where there is a rule what was chosen, else the reason why there is none.</param>
    public static bool TryChoose(
        IReadOnlyCollection<string> values, string column, string? positive, [NotNullWhen(true)] out LabelRule? rule, out string message)
    {
        rule = null;
        string[] sorted = [.. values.OrderBy(v => Cell.TryNumber(v, out double n) ? n : double.MaxValue).ThenBy(v => v, StringComparer.Ordinal)];
        string some = string.Join(", ", sorted.Take(10).Select(v => $"'{v}'")) + (sorted.Length > 10 ? ", ..." : "");
        if (sorted.Length == 0)
        {
            message = $"the label column '{column}' has no value in any row.";
            return false;
        }

        if (positive is not null)
        {
            string wanted = Cell.CategoryText(positive);
            bool occurs = sorted.Contains(wanted, StringComparer.Ordinal);
            if (!occurs || sorted.Length == 1)
            {
                message = occurs
                    ? $"every label in '{column}' is '{wanted}'; there is nothing to learn."
                    : $"no row has '{wanted}' in the label column '{column}'; it holds {some}.";
                return false;
            }

            rule = new LabelRule(wanted, []);
            message = $"'{wanted}' in '{column}' is class 1, every other value class 0.";
            return true;
        }

        if (sorted.Length == 1)
        {
            message = $"every label in '{column}' is {some}; there is nothing to learn.";
            return false;
        }

        if (sorted.Length > Dataset.MaxClassCount)
        {
            string advice = sorted.Count(v => Cell.TryNumber(v, out _)) > sorted.Length / 2
                ? "it looks like a measurement; make a column of two classes of it, or name one value by --positive."
                : "name the value to predict by --positive.";
            message = string.Create(CultureInfo.InvariantCulture, $"the label column '{column}' has more than {Dataset.MaxClassCount} different values; ") + advice;
            return false;
        }

        bool numbers = sorted.All(v => Cell.TryNumber(v, out _));
        if (sorted.Length == 2 && !numbers && ((s_negatives.Contains(sorted[1]) && !s_negatives.Contains(sorted[0]))
            || (s_positives.Contains(sorted[0]) && !s_positives.Contains(sorted[1])))) Array.Reverse(sorted);
        rule = new LabelRule(null, sorted);
        message = sorted.Length == 2
            ? $"'{sorted[1]}' in '{column}' is class 1, '{sorted[0]}' class 0; --positive chooses otherwise."
            : string.Create(CultureInfo.InvariantCulture, $"'{column}' has {sorted.Length} classes, in this order: ") + string.Join(", ", sorted.Select(v => $"'{v}'")) + ".";
        return true;
    }
}
