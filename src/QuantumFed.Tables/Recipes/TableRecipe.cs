using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>
/// How the columns of a table become features and classes: fitted on training rows, kept as JSON, applied to other files with the same
/// columns. Immutable.
/// </summary>
public sealed class TableRecipe
{
    private const int MaxRows = 5_000_000;
    private const long MaxValues = 1L << 28;

    private readonly LabelRule _labels;

    private TableRecipe(string labelColumn, LabelRule labels, IReadOnlyList<ColumnRecipe> columns, IReadOnlyList<string> featureNames)
    {
        LabelColumn = labelColumn;
        _labels = labels;
        Columns = columns;
        FeatureNames = featureNames;
        ClassNames = labels.ClassNames();
    }

    /// <summary>The column that holds the label.</summary>
    public string LabelColumn { get; }

    /// <summary>The label that is class 1, every other being class 0; <see langword="null"/> where <see cref="ClassValues"/> has the classes.</summary>
    public string? PositiveValue => _labels.PositiveValue;

    /// <summary>Without a positive value, the label column's value of each class, in order; else empty.</summary>
    public IReadOnlyList<string> ClassValues => _labels.Values;

    /// <summary>The classes' names, in order: printable, no two alike.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>What becomes of each column. A column may occur more than once.</summary>
    public IReadOnlyList<ColumnRecipe> Columns { get; }

    /// <summary>The features' names, in the order of <see cref="Columns"/>.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    internal LabelRule Labels => _labels;

    /// <summary>Makes a recipe of its parts.</summary>
    /// <returns><see langword="false"/> where they give no feature or more than <see cref="Dataset.MaxFeatureCount"/>, and why.</returns>
    internal static bool TryCreate(
        string labelColumn, LabelRule labels, IReadOnlyList<ColumnRecipe> columns, [NotNullWhen(true)] out TableRecipe? recipe, out string failure)
    {
        recipe = null;
        failure = "";
        int count = columns.Sum(c => c.FeatureCount);
        if (count == 0) failure = "no column gives a feature; the table of columns says why.";
        else if (count > Dataset.MaxFeatureCount)
        {
            string widest = string.Join(", ", columns.OrderByDescending(c => c.FeatureCount).Take(5)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"'{c.Source}' {c.FeatureCount}")));
            failure = string.Create(CultureInfo.InvariantCulture,
                $"its columns give {count} features, more than {Dataset.MaxFeatureCount}; leave some out by --drop (the widest: {widest}).");
        }

        if (failure.Length > 0) return false;
        FeatureNameList names = new();
        foreach (ColumnRecipe column in columns) column.AddNames(names);
        recipe = new TableRecipe(labelColumn, labels, [.. columns], [.. names.Names]);
        return true;
    }

    /// <summary>The recipe as UTF-8 JSON, version 1; the same recipe always gives the same bytes.</summary>
    public byte[] ToJson() => TableRecipeJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote. Anything else (another version, an unknown or missing or repeated property, a value out of range) is refused.</summary>
    /// <param name="json">UTF-8 JSON, at most 16 MiB.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="failure">Why it is none, in one sentence.</param>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TableRecipe? recipe, out string failure)
        => TableRecipeJson.TryRead(json, out recipe, out failure);

    /// <summary>Applies the recipe to a file with the same columns; others are ignored, and the label column may be missing.</summary>
    /// <exception cref="TableException">The file is not a CSV text, lacks a column that the recipe needs, or has no complete row.</exception>
    /// <exception cref="DatasetUnavailableException">The file cannot be read.</exception>
    public RecipeRows Apply(string csvPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(csvPath);
        using FeatureRows file = FeatureRows.Open(csvPath, this);
        int d = FeatureNames.Count, rows = 0;
        double[] values = new double[Math.Max(d, 1024)];
        double[] row = new double[d];
        List<int> lines = [];
        List<byte?>? labels = file.HasLabels ? [] : null;
        while (file.Read(row))
        {
            long needed = (long)(rows + 1) * d;
            if (rows == MaxRows || needed > MaxValues)
                throw new TableException(csvPath, file.Line, "the table is too large to hold; split it.");
            if (needed > values.Length) Array.Resize(ref values, (int)Math.Min(MaxValues, Math.Max(needed, values.Length * 3L / 2)));
            row.CopyTo(values.AsSpan(rows * d));
            lines.Add(file.Line);
            labels?.Add(file.Label);
            rows++;
        }

        if (rows == 0)
            throw new TableException(csvPath, file.FirstRaggedLine, "there is no row with as many fields as the first line.");
        Array.Resize(ref values, rows * d);
        return new RecipeRows(FeatureNames, values, lines.AsReadOnly(), labels?.AsReadOnly(), file.Notes());
    }
}
