namespace QuantumFed.Learning;

/// <summary>The probability of every class for every row. Immutable.</summary>
public sealed class Predictions
{
    private readonly double[] _probabilities;

    internal Predictions(int classCount, double[] probabilities)
    {
        ClassCount = classCount;
        RowCount = probabilities.Length / classCount;
        _probabilities = probabilities;
    }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The probabilities of a row's classes, each in [0, 1]; they sum to 1 up to rounding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<double> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, RowCount);
        return _probabilities.AsSpan(index * ClassCount, ClassCount);
    }

    /// <summary>The probability of one class for each row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double[] OfClass(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, ClassCount);
        double[] column = new double[RowCount];
        for (int i = 0; i < column.Length; i++) column[i] = _probabilities[i * ClassCount + label];
        return column;
    }

    /// <summary>The class that a row most likely has. Of two classes, 1 where its probability is at least 1/2; of more, the first of those with
    /// the highest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public int MostLikely(int index)
    {
        ReadOnlySpan<double> row = Row(index);
        if (ClassCount == 2) return row[1] >= 0.5 ? 1 : 0;
        int best = 0;
        for (int c = 1; c < row.Length; c++)
            if (row[c] > row[best]) best = c;
        return best;
    }
}
