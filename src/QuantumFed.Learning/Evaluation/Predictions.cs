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

    /// <summary>Takes probabilities as they are.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="probabilities">Row by row, one per class, each in [0, 1].</param>
    /// <exception cref="ArgumentException">There are not that many per row, or one is out of range.</exception>
    public static Predictions Create(int classCount, ReadOnlySpan<double> probabilities)
    {
        if (classCount < 2 || probabilities.Length % classCount != 0)
            throw new ArgumentException("There is one probability per row and class, and there are at least 2 classes.", nameof(probabilities));
        foreach (double probability in probabilities)
            if (!(probability is >= 0 and <= 1)) throw new ArgumentException("A probability is in [0, 1].", nameof(probabilities));
        return new Predictions(classCount, probabilities.ToArray());
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
