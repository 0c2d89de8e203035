namespace QuantumFed.Tables;

/// <summary>The rows of a file as a recipe's features.</summary>
public sealed class RecipeRows
{
    private readonly double[] _values;

    internal RecipeRows(IReadOnlyList<string> featureNames, double[] values, IReadOnlyList<int> lines, IReadOnlyList<byte?>? labels, IReadOnlyList<string> notes)
    {
        FeatureNames = featureNames;
        _values = values;
        Lines = lines;
        Labels = labels;
        Notes = notes;
    }

    /// <summary>The features' names, in order.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Lines.Count;

    /// <summary>The line on which each row begins, counted from 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>Each row's class, <see langword="null"/> where it has none of the recipe's; <see langword="null"/> altogether where the file has no
    /// label column.</summary>
    public IReadOnlyList<byte?>? Labels { get; }

    /// <summary>Rows that were left out, and cells that could not be read as their column's kind; bounded in number.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>All values, finite, row by row: <see cref="RowCount"/> x the number of features.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>One row's features.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<double> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, RowCount);
        return _values.AsSpan(index * FeatureNames.Count, FeatureNames.Count);
    }
}
