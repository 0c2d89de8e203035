namespace QuantumFed.Learning;

/// <summary>
/// What a member contributes to the standardisation of a consortium (round 0 of <c>--standardise federated</c>): flat, the number of its
/// training rows, the sum of each feature, the sum of squares of each feature: 1 + 2d values of raw rows, each feature divided by a public power
/// of two first, so that the sums of large numbers fit the fixed-point range and those of small ones keep their digits.
/// </summary>
public static class MomentStatistics
{
    /// <summary>The length of the vector for d features, 1 + 2d.</summary>
    public static int LengthFor(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, Dataset.MaxFeatureCount);
        return 1 + 2 * featureCount;
    }

    /// <summary>Computes the vector of one member, in scalar arithmetic, row after row.</summary>
    /// <param name="rawTrain">The member's training rows, not standardised.</param>
    /// <param name="magnitudes">For each feature the exponent e of the 2^e that it is divided by: exact.</param>
    /// <exception cref="ArgumentException">There is not one magnitude for each feature.</exception>
    public static double[] Compute(Dataset rawTrain, IReadOnlyList<int> magnitudes)
    {
        ArgumentNullException.ThrowIfNull(rawTrain);
        ArgumentNullException.ThrowIfNull(magnitudes);
        int d = rawTrain.FeatureCount;
        if (magnitudes.Count != d) throw new ArgumentException($"{d} features need {d} magnitudes.", nameof(magnitudes));
        double[] units = [.. magnitudes.Select(exponent => Math.ScaleB(1, -exponent))];
        double[] statistics = new double[LengthFor(d)];
        statistics[0] = rawTrain.RowCount;
        for (int i = 0; i < rawTrain.RowCount; i++)
        {
            ReadOnlySpan<double> row = rawTrain.Row(i);
            for (int j = 0; j < d; j++)
            {
                double value = row[j] * units[j];
                statistics[1 + j] += value;
                statistics[1 + d + j] += value * value;
            }
        }

        return statistics;
    }
}
