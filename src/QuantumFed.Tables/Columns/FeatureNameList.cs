using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>Makes names that <see cref="Dataset.IsFeatureName"/> accepts, no two alike; the same texts in the same order give the same names.</summary>
internal sealed class FeatureNameList
{
    private const int MaxColumnPart = 30;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public IReadOnlyList<string> Names => _names;

    /// <summary>Adds a name made of a column's name and, for one of several features of it, of what tells the feature apart.</summary>
    public string Add(string column, string suffix = "")
    {
        // The end tells features apart, so a long column gives way to it first.
        string first = Clean(column), second = Clean(suffix, keepStart: true);
        if (first.Length == 0) first = "column";
        if (first.Length + second.Length > Dataset.MaxFeatureNameLength && second.Length > 0) first = Cut(first, Math.Max(MaxColumnPart, Dataset.MaxFeatureNameLength - second.Length));
        string name = Cut(first + second, Dataset.MaxFeatureNameLength), unique = name;
        for (int n = 2; !Dataset.IsFeatureName(unique) || !_taken.Add(unique); n++)
        {
            string number = string.Create(CultureInfo.InvariantCulture, $" ({n})");
            unique = Cut(name, Dataset.MaxFeatureNameLength - number.Length) + number;
        }

        _names.Add(unique);
        return unique;
    }

    private static string Clean(string text, bool keepStart = false)
    {
        string clean = string.Concat(text.Select(c => c is ',' or '"' or '\uFEFF' || char.IsControl(c) || char.IsSurrogate(c) ? '_' : c));
        return keepStart ? clean.TrimEnd() : clean.Trim();
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length].TrimEnd();
}
