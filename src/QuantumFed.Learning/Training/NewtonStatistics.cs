using System.Numerics.Tensors;

namespace QuantumFed.Learning;

/// <summary>
/// What a member contributes to one Newton-Raphson round: the sums over its training rows that the logistic loss's gradient and Hessian
/// consist of. Sums of these vectors over members are the vectors of the pooled rows.
/// </summary>
/// <remarks>
/// <para>With x' = (x, 1), the intercept last, and p the current model's probability, the vector is, flat and in this order: the gradient
/// sum (p - y) x', d + 1 values; the upper triangle of the Hessian sum p (1 - p) x' x'^T, row by row from the diagonal, (d + 1)(d + 2) /
/// 2 values; the number of rows, 1 value.</para>
/// <para>Reproducibility: the dot products' summation order depends on the vector width, and exp on the platform's library, so two
/// machines can differ in the last bits, about 1e-15 relative. Quantisation to 2^-24 absorbs this in practice (a value differs only if it
/// lies that close to half a step). Models came out the same, bit for bit, at 512, 256, 128 bits and without vectors. Nothing a regulator
/// replays depends on it: a replay starts from the opened integer sums.</para>
/// </remarks>
public static class NewtonStatistics
{
    /// <summary>The length of the vector for d features: (d + 1) + (d + 1)(d + 2) / 2 + 1.</summary>
    public static int LengthFor(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, Dataset.MaxFeatureCount);
        int n = featureCount + 1;
        return n + n * (n + 1) / 2 + 1;
    }

    /// <summary>The number of rows that a vector, or a sum of vectors, says it was made of.</summary>
    /// <exception cref="ArgumentException">The vector is empty.</exception>
    public static double RowCountOf(ReadOnlySpan<double> statistics)
        => statistics.IsEmpty ? throw new ArgumentException("The vector is empty.", nameof(statistics)) : statistics[^1];

    /// <summary>Computes the vector of one member.</summary>
    /// <param name="standardisedTrain">The member's training rows, standardised.</param>
    /// <param name="model">The current model.</param>
    /// <returns><see cref="LengthFor"/> values.</returns>
    /// <exception cref="ArgumentException">The data set has another number of features than the model.</exception>
    public static double[] Compute(Dataset standardisedTrain, LogisticModel model)
    {
        ArgumentNullException.ThrowIfNull(standardisedTrain);
        ArgumentNullException.ThrowIfNull(model);
        int d = model.FeatureCount;
        if (standardisedTrain.FeatureCount != d)
            throw new ArgumentException($"The data set has {standardisedTrain.FeatureCount} features, the model {d}.", nameof(standardisedTrain));

        int n = d + 1;
        double[] statistics = new double[LengthFor(d)];
        Span<double> gradient = statistics.AsSpan(0, n), hessian = statistics.AsSpan(n, n * (n + 1) / 2);
        double[] extended = new double[n];
        extended[d] = 1;
        for (int i = 0; i < standardisedTrain.RowCount; i++)
        {
            ReadOnlySpan<double> row = standardisedTrain.Row(i);
            row.CopyTo(extended);
            double logOdds = model.LogOdds(row);
            // 1 - p as the sigmoid of the negated log-odds: 1 - p itself would lose every bit once p is close to 1.
            double p = LogisticModel.Sigmoid(logOdds), complement = LogisticModel.Sigmoid(-logOdds);
            double residual = standardisedTrain.Labels[i] == 1 ? -complement : p;
            TensorPrimitives.MultiplyAdd(extended, residual, gradient, gradient);

            double weight = p * complement;
            Span<double> rest = hessian;
            for (int j = 0; j < n; j++)
            {
                int length = n - j;
                Span<double> hessianRow = rest[..length];
                TensorPrimitives.MultiplyAdd(extended.AsSpan(j), weight * extended[j], hessianRow, hessianRow);
                rest = rest[length..];
            }
        }

        statistics[^1] = standardisedTrain.RowCount;
        return statistics;
    }
}
