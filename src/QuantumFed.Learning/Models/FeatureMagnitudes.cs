namespace QuantumFed.Learning;

/// <summary>The powers of two that a consortium scales features by before it sums their moments.</summary>
public static class FeatureMagnitudes
{
    private const int MaxExponent = 60;

    /// <summary>For each feature the smallest e in -60 to 60 with |x| &lt;= 8 2^e in every row given; 0 for a feature that is 0 or 1 in all of them.</summary>
    /// <param name="parts">Training rows of the same features, at least one part.</param>
    /// <exception cref="ArgumentException">There is no part, or the parts differ in their number of features.</exception>
    public static IReadOnlyList<int> Of(IReadOnlyList<Dataset> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(part => part.FeatureCount != parts[0].FeatureCount))
            throw new ArgumentException("Magnitudes are those of at least one data set, all of the same features.", nameof(parts));
        double[] largest = new double[parts[0].FeatureCount];
        bool[] binary = [.. largest.Select(_ => true)];
        foreach (Dataset part in parts)
        {
            for (int i = 0; i < part.RowCount; i++)
            {
                ReadOnlySpan<double> row = part.Row(i);
                for (int j = 0; j < largest.Length; j++)
                {
                    largest[j] = Math.Max(largest[j], Math.Abs(row[j]));
                    binary[j] &= row[j] is 0 or 1;
                }
            }
        }

        return [.. largest.Select((value, j) => binary[j] ? 0 : ExponentOf(value))];
    }

    private static int ExponentOf(double largest)
    {
        int exponent = Math.ILogB(largest) - 3;
        return Math.Clamp(largest > Math.ScaleB(8, exponent) ? exponent + 1 : exponent, -MaxExponent, MaxExponent);
    }
}
