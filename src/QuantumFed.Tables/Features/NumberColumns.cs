using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>Columns that are features as they are: a number in every cell, read as <c>DatasetCsv</c> reads it.</summary>
internal sealed class NumberColumns : IFeatureColumns
{
    private const int MostNotes = 20;

    private readonly (string Name, int Place, LineReport Odd)[] _columns;

    private NumberColumns((string, int, LineReport)[] columns) => _columns = columns;

    /// <inheritdoc/>
    public int FeatureCount => _columns.Length;

    /// <summary>Finds the columns.</summary>
    /// <exception cref="TableException">The table lacks one.</exception>
    public static NumberColumns Bind(IReadOnlyList<string> features, CsvTable table) =>
        new([.. features.Select(name => (name, table.IndexOf(name, "that the model needs"), new LineReport()))]);

    /// <inheritdoc/>
    public bool TryRead(CsvTableReader record, Span<double> features)
    {
        for (int j = 0; j < _columns.Length; j++)
        {
            ReadOnlySpan<char> cell = record.Trimmed(_columns[j].Place);
            if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out features[j]) && double.IsFinite(features[j])) continue;
            _columns[j].Odd.Add(record.Line);
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Notes()
    {
        (string Name, int, LineReport Odd)[] odd = [.. _columns.Where(c => c.Odd.Count > 0)];
        foreach ((string name, _, LineReport lines) in odd.Take(MostNotes))
            yield return $"{lines.Of("row")} left out, where column '{name}' is not a number: {lines}.";
        if (odd.Length > MostNotes) yield return FormattableString.Invariant($"{odd.Length - MostNotes} more columns have such cells.");
    }
}
