namespace QuantumFed.Learning;

/// <summary>
/// What a member contributes to the standardisation of a consortium (round 0 of <c>--standardise federated</c>): flat, the number of its
/// training rows, the sum of each feature, the sum of squares of each feature: 1 + 2d values of raw rows.
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
    public static double[] Compute(Dataset rawTrain)
    {
        ArgumentNullException.ThrowIfNull(rawTrain);
        int d = rawTrain.FeatureCount;
        double[] statistics = new double[LengthFor(d)];
        statistics[0] = rawTrain.RowCount;
        for (int i = 0; i < rawTrain.RowCount; i++)
        {
            ReadOnlySpan<double> row = rawTrain.Row(i);
            for (int j = 0; j < d; j++)
            {
                statistics[1 + j] += row[j];
                statistics[1 + d + j] += row[j] * row[j];
            }
        }

        return statistics;
    }
}
