using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>The rows of a CSV file as a model's features, read one after the other: no more than one is held. For one thread.</summary>
public sealed class FeatureRows : IDisposable
{
    private readonly CsvTable _table;
    private readonly CsvTableReader _records;
    private readonly IFeatureColumns _columns;
    private readonly LabelRule _labels;
    private readonly int _labelPlace;
    private readonly LineReport _ragged = new();

    private FeatureRows(CsvTable table, CsvTableReader records, IFeatureColumns columns, string labelColumn, LabelRule labels, IEnumerable<string> known)
    {
        _table = table;
        _records = records;
        _columns = columns;
        _labels = labels;
        _labelPlace = table.Columns.Contains(labelColumn, StringComparer.Ordinal) ? table.IndexOf(labelColumn, "") : -1;
        HashSet<string> used = new(known, StringComparer.Ordinal) { labelColumn };
        UnusedColumns = [.. table.Columns.Where(column => !used.Contains(column))];
    }

    /// <summary>Whether the file has the label column.</summary>
    public bool HasLabels => _labelPlace >= 0;

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount => _columns.FeatureCount;

    /// <summary>The file's columns that were not known when the model was made; they are ignored.</summary>
    public IReadOnlyList<string> UnusedColumns { get; }

    /// <summary>The line on which the last row begins, counted from 1.</summary>
    public int Line => _records.Line;

    /// <summary>The last row's class; <see langword="null"/> where it has none that is known.</summary>
    public byte? Label { get; private set; }

    /// <summary>The rows that were left out so far.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The first line with another number of fields than the header; 0 where there is none so far.</summary>
    public int FirstRaggedLine => _ragged.Count == 0 ? 0 : _ragged.FirstLine;

    /// <summary>Reads a file by a recipe. Columns may stand in any order, others are ignored, the label column may be missing.</summary>
    /// <exception cref="TableException">The file is not a CSV text, or lacks a column that the recipe needs.</exception>
    /// <exception cref="DatasetUnavailableException">The file cannot be read.</exception>
    public static FeatureRows Open(string csvPath, TableRecipe recipe)
    {
        ArgumentException.ThrowIfNullOrEmpty(csvPath);
        ArgumentNullException.ThrowIfNull(recipe);
        CsvTable table = CsvTable.Open(csvPath, mayHaveOneColumn: true);
        RecipeReader columns = RecipeReader.Bind(recipe, table);
        return new FeatureRows(table, table.Rows(), columns, recipe.LabelColumn, recipe.Labels, recipe.Columns.Select(column => column.Source));
    }

    /// <summary>Reads a file whose columns are the features, as numbers. A row without a number in one of them is left out.</summary>
    /// <param name="csvPath">The file.</param>
    /// <param name="features">The features' names, in the model's order.</param>
    /// <param name="labelColumn">The column of the label, which may be missing.</param>
    /// <param name="classes">The label's value for each class.</param>
    /// <exception cref="TableException">The file is not a CSV text, or lacks one of the columns.</exception>
    /// <exception cref="DatasetUnavailableException">The file cannot be read.</exception>
    public static FeatureRows Open(string csvPath, IReadOnlyList<string> features, string labelColumn, IReadOnlyList<string> classes)
    {
        ArgumentException.ThrowIfNullOrEmpty(csvPath);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(classes);
        CsvTable table = CsvTable.Open(csvPath, mayHaveOneColumn: true);
        NumberColumns columns = NumberColumns.Bind(features, table);
        return new FeatureRows(table, table.Rows(), columns, labelColumn, new LabelRule(null, classes), features);
    }

    /// <summary>Reads the next row that can be used.</summary>
    /// <param name="features">Filled with its features, all finite.</param>
    /// <returns><see langword="false"/> at the end of the file.</returns>
    /// <exception cref="TableException">A record is too long.</exception>
    /// <exception cref="DatasetUnavailableException">The file can no longer be read.</exception>
    public bool Read(Span<double> features)
    {
        try
        {
            while (_records.Read())
            {
                bool usable = _records.IsComplete;
                if (!usable) _ragged.Add(_records.Line);
                if (usable && _columns.TryRead(_records, features))
                {
                    Label = HasLabels && _labels.TryClassOf(_records[_labelPlace], out byte known) ? known : null;
                    return true;
                }

                LeftOut++;
            }

            return false;
        }
        catch (Exception e) when (CsvTable.IsUnreadable(e))
        {
            throw CsvTable.Unreadable(_table.Path, e);
        }
    }

    /// <summary>What was odd so far: the header, rows that were left out, cells that count as missing. Bounded in number.</summary>
    public IReadOnlyList<string> Notes()
    {
        List<string> notes = [.. _table.HeaderNotes];
        if (_ragged.Count > 0) notes.Add($"{_ragged.Of("row")} left out, without the fields that the first line names or with broken quotes: {_ragged}.");
        notes.AddRange(_columns.Notes());
        return notes;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();
}
