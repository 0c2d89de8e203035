namespace QuantumFed.Learning;

/// <summary>
/// A table of finite features with a class label, rows in a fixed order. Immutable and safe to share between threads.
/// </summary>
/// <remarks>Values are stored row by row, so that a row is one contiguous span for the vector kernels.</remarks>
public sealed class Dataset
{
    /// <summary>The largest number of features a data set, and so a model, may have.</summary>
    public const int MaxFeatureCount = 1024;

    /// <summary>The most classes: labels are 0 to 31.</summary>
    public const int MaxClassCount = 32;

    /// <summary>The longest feature name in characters.</summary>
    public const int MaxFeatureNameLength = 64;

    private readonly double[] _values;
    private readonly byte[] _labels;

    private Dataset(IReadOnlyList<string> featureNames, double[] values, byte[] labels)
    {
        FeatureNames = featureNames;
        _values = values;
        _labels = labels;
        PositiveCount = labels.AsSpan().Count((byte)1);
        HasBothClasses = labels.AsSpan().ContainsAnyExcept(labels.Length > 0 ? labels[0] : (byte)0);
        LargestLabel = labels.Length == 0 ? (byte)0 : labels.Max();
    }

    /// <summary>The names of the columns, in order, without the label.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The number of rows; 0 is possible.</summary>
    public int RowCount => _labels.Length;

    /// <summary>The number of features, 1 to <see cref="MaxFeatureCount"/>.</summary>
    public int FeatureCount => FeatureNames.Count;

    /// <summary>The number of rows labelled 1.</summary>
    public int PositiveCount { get; }

    /// <summary>Whether at least two different labels occur.</summary>
    public bool HasBothClasses { get; }

    /// <summary>The largest label that occurs; 0 where there is no row.</summary>
    public byte LargestLabel { get; }

    /// <summary>The labels, each below <see cref="MaxClassCount"/>, one per row; 0 or 1 where there are two classes.</summary>
    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>All values, row by row: <see cref="RowCount"/> x <see cref="FeatureCount"/>.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Copies a table into a data set.</summary>
    /// <param name="featureNames">One name per column; see <see cref="IsFeatureName"/>; no two alike.</param>
    /// <param name="values">The values row by row, all finite, a multiple of the number of features.</param>
    /// <param name="labels">One class per row, below <see cref="MaxClassCount"/>.</param>
    /// <exception cref="ArgumentException">A name, a value, a label or a length is not as described.</exception>
    public static Dataset Create(IReadOnlyList<string> featureNames, ReadOnlySpan<double> values, ReadOnlySpan<byte> labels)
    {
        ArgumentNullException.ThrowIfNull(featureNames);
        if (featureNames.Count is 0 or > MaxFeatureCount)
            throw new ArgumentException($"A data set has 1 to {MaxFeatureCount} features, not {featureNames.Count}.", nameof(featureNames));
        string[] names = [.. featureNames];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!IsFeatureName(name)) throw new ArgumentException($"'{name}' is not a feature name.", nameof(featureNames));
            if (!seen.Add(name)) throw new ArgumentException($"The feature name '{name}' occurs twice.", nameof(featureNames));
        }

        if (values.Length != (long)labels.Length * names.Length)
            throw new ArgumentException($"{labels.Length} rows of {names.Length} features are not {values.Length} values.", nameof(values));
        foreach (double value in values)
            if (!double.IsFinite(value)) throw new ArgumentException("Every value of a data set is finite.", nameof(values));
        foreach (byte label in labels)
            if (label >= MaxClassCount) throw new ArgumentException($"A label is 0 to {MaxClassCount - 1}.", nameof(labels));
        return new Dataset(Array.AsReadOnly(names), values.ToArray(), labels.ToArray());
    }

    /// <summary>
    /// Whether a text can name a feature: 1 to <see cref="MaxFeatureNameLength"/> characters, no comma, quote or control character, no
    /// space at either end, and not <c>label</c>, which names the label's own column.
    /// </summary>
    public static bool IsFeatureName(string? name)
    {
        if (name is null || name.Length is 0 or > MaxFeatureNameLength || name == DatasetCsv.LabelColumn) return false;
        if (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1])) return false;
        foreach (char c in name)
            if (c is ',' or '"' or '\uFEFF' || char.IsControl(c) || char.IsSurrogate(c)) return false;
        return true;
    }

    /// <summary>The features of one row, <see cref="FeatureCount"/> values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<double> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, RowCount);
        return _values.AsSpan(index * FeatureCount, FeatureCount);
    }

    /// <summary>The rows named, in the order named; a row may be named more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Dataset Select(ReadOnlySpan<int> rows)
    {
        double[] values = new double[rows.Length * FeatureCount];
        byte[] labels = new byte[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * FeatureCount));
            labels[i] = _labels[rows[i]];
        }

        return new Dataset(FeatureNames, values, labels);
    }

    /// <summary>The rows of all parts, one after the other.</summary>
    /// <exception cref="ArgumentException">There is no part, or the parts differ in their features.</exception>
    public static Dataset Concatenate(IReadOnlyList<Dataset> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("There is nothing to concatenate.", nameof(parts));
        if (!parts.All(part => part.HasSameFeaturesAs(parts[0]))) throw new ArgumentException("The parts differ in their features.", nameof(parts));
        // At their final length at once: a list that grows would hold the table three times.
        double[] values = new double[parts.Sum(part => (long)part._values.Length)];
        byte[] labels = new byte[parts.Sum(part => (long)part.RowCount)];
        int row = 0;
        foreach (Dataset part in parts)
        {
            part._values.CopyTo(values, row * parts[0].FeatureCount);
            part._labels.CopyTo(labels, row);
            row += part.RowCount;
        }

        return new Dataset(parts[0].FeatureNames, values, labels);
    }

    /// <summary>Whether another data set has the same columns in the same order.</summary>
    public bool HasSameFeaturesAs(Dataset other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return FeatureNames.SequenceEqual(other.FeatureNames, StringComparer.Ordinal);
    }

    /// <summary>The same rows and labels with other values; the caller hands the array over.</summary>
    internal Dataset WithValues(double[] values) => new(FeatureNames, values, _labels);

    /// <summary>The shape only: rows are patients.</summary>
    public override string ToString() => $"{RowCount} rows of {FeatureCount} features";
}
