using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace QuantumFed.Learning;

/// <summary>z = (x - mean) / scale per feature, with means and scales taken from training rows only. Immutable.</summary>
/// <remarks>
/// The scale is the sample standard deviation (n - 1) plus 1e-9, so that a constant feature divides by something: its training rows
/// become 0 up to rounding, and a test row with another value something huge. <see cref="CohortChecks"/> warns of constant features.
/// Everything here is elementwise IEEE arithmetic in a fixed order: the same on every machine, at every vector width.
/// </remarks>
public sealed class Standardisation
{
    /// <summary>Added to every standard deviation.</summary>
    public const double Epsilon = 1e-9;

    private readonly double[] _means;
    private readonly double[] _scales;

    private Standardisation(double[] means, double[] scales)
    {
        _means = means;
        _scales = scales;
    }

    /// <summary>The number of features.</summary>
    public int FeatureCount => _means.Length;

    /// <summary>The mean of each feature.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>The divisor of each feature, finite and above 0.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>Takes means and scales as they are.</summary>
    /// <returns><see langword="false"/> where lengths differ or are not 1 to <see cref="Dataset.MaxFeatureCount"/>, a number is not finite,
    /// or a scale is not above 0.</returns>
    public static bool TryCreate(ReadOnlySpan<double> means, ReadOnlySpan<double> scales, [NotNullWhen(true)] out Standardisation? standardisation)
    {
        standardisation = null;
        if (means.Length is 0 or > Dataset.MaxFeatureCount || means.Length != scales.Length) return false;
        for (int j = 0; j < means.Length; j++)
            if (!double.IsFinite(means[j]) || !double.IsFinite(scales[j]) || scales[j] <= 0) return false;
        standardisation = new Standardisation(means.ToArray(), scales.ToArray());
        return true;
    }

    /// <summary>The mean and sample standard deviation of the rows, in two passes.</summary>
    /// <param name="train">Training rows, at least 2.</param>
    /// <exception cref="ArgumentException">There are fewer than 2 rows, or their values overflow a double's range.</exception>
    public static Standardisation FromRows(Dataset train)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (train.RowCount < 2) throw new ArgumentException("A sample standard deviation needs at least 2 rows.", nameof(train));
        int d = train.FeatureCount;
        double[] means = new double[d], scales = new double[d];
        for (int i = 0; i < train.RowCount; i++)
            TensorPrimitives.Add(means, train.Row(i), means);
        for (int j = 0; j < d; j++) means[j] /= train.RowCount;
        for (int i = 0; i < train.RowCount; i++)
        {
            ReadOnlySpan<double> row = train.Row(i);
            for (int j = 0; j < d; j++)
            {
                double centred = row[j] - means[j];
                scales[j] += centred * centred;
            }
        }

        for (int j = 0; j < d; j++) scales[j] = Math.Sqrt(scales[j] / (train.RowCount - 1)) + Epsilon;
        return TryCreate(means, scales, out Standardisation? standardisation)
            ? standardisation
            : throw new ArgumentException("The values are too large to standardise.", nameof(train));
    }

    /// <summary>
    /// The same from opened sums: mean = sum / n, variance = (squares - sum * sum / n) / (n - 1), at least 0, in scalar arithmetic. A
    /// regulator's replay gives the same bits.
    /// </summary>
    /// <param name="count">The number of rows, an integer of at least 2.</param>
    /// <param name="sums">The sum of each feature.</param>
    /// <param name="squares">The sum of squares of each feature.</param>
    /// <param name="standardisation">The standardisation.</param>
    /// <returns><see langword="false"/> where the count is not an integer of at least 2, a number is not finite, or no rows have such
    /// moments.</returns>
    public static bool TryFromMoments(
        double count, ReadOnlySpan<double> sums, ReadOnlySpan<double> squares, [NotNullWhen(true)] out Standardisation? standardisation)
    {
        standardisation = null;
        if (!(count >= 2) || Math.Floor(count) != count || !double.IsFinite(count) || sums.Length != squares.Length) return false;
        double[] means = new double[sums.Length], scales = new double[sums.Length];
        for (int j = 0; j < sums.Length; j++)
        {
            means[j] = sums[j] / count;
            double variance = (squares[j] - sums[j] * sums[j] / count) / (count - 1);
            // For a constant feature the difference of two large sums may come out a rounding below zero, by up to (1 + 2 |mean|) 2^-25 per
            // member for quantised sums. Anything further below belongs to no rows (Cauchy and Schwarz).
            if (!(variance * (count - 1) >= -1e-6 * (squares[j] + count))) return false;
            scales[j] = Math.Sqrt(Math.Max(variance, 0)) + Epsilon;
        }

        return TryCreate(means, scales, out standardisation);
    }

    /// <summary>As <see cref="TryFromMoments"/>, for moments the caller made itself.</summary>
    /// <exception cref="ArgumentException">The moments are none.</exception>
    public static Standardisation FromMoments(double count, ReadOnlySpan<double> sums, ReadOnlySpan<double> squares)
        => TryFromMoments(count, sums, squares, out Standardisation? standardisation)
            ? standardisation
            : throw new ArgumentException("These are not the count, sums and sums of squares of at least 2 rows.", nameof(count));

    /// <summary>The standardisation of features that are 2^e times as large: means and scales multiplied by 2^e, which is exact.</summary>
    /// <param name="magnitudes">e for each feature.</param>
    /// <param name="standardisation">The standardisation.</param>
    /// <returns><see langword="false"/> where a product leaves a double's range.</returns>
    /// <exception cref="ArgumentException">There is not one magnitude for each feature.</exception>
    public bool TryScale(IReadOnlyList<int> magnitudes, [NotNullWhen(true)] out Standardisation? standardisation)
    {
        ArgumentNullException.ThrowIfNull(magnitudes);
        if (magnitudes.Count != FeatureCount) throw new ArgumentException($"{FeatureCount} features need {FeatureCount} magnitudes.", nameof(magnitudes));
        double[] means = new double[FeatureCount], scales = new double[FeatureCount];
        for (int j = 0; j < FeatureCount; j++)
            (means[j], scales[j]) = (Math.ScaleB(_means[j], magnitudes[j]), Math.ScaleB(_scales[j], magnitudes[j]));
        return TryCreate(means, scales, out standardisation);
    }

    /// <summary>The data set with every value standardised; names, order and labels stay.</summary>
    /// <exception cref="ArgumentException">The data set has another number of features, or a value leaves a double's range.</exception>
    public Dataset Apply(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.FeatureCount != FeatureCount)
            throw new ArgumentException($"The data set has {dataset.FeatureCount} features, the standardisation {FeatureCount}.", nameof(dataset));
        double[] values = dataset.Values.ToArray();
        for (int i = 0; i < dataset.RowCount; i++)
        {
            Span<double> row = values.AsSpan(i * FeatureCount, FeatureCount);
            TensorPrimitives.Subtract(row, _means, row);
            TensorPrimitives.Divide(row, _scales, row);
        }

        foreach (double value in values)
            if (!double.IsFinite(value)) throw new ArgumentException("A standardised value leaves a double's range.", nameof(dataset));
        return dataset.WithValues(values);
    }
}
