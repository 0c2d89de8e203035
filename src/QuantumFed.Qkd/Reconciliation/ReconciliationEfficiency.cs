namespace QuantumFed.Qkd;

/// <summary>How close a reconciliation comes to Shannon's limit.</summary>
public static class ReconciliationEfficiency
{
    /// <summary>h(Q) = -Q log2 Q - (1 - Q) log2(1 - Q), in bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="errorRate"/> is outside [0, 1].</exception>
    public static double BinaryEntropy(double errorRate)
    {
        if (!(errorRate >= 0 && errorRate <= 1))
            throw new ArgumentOutOfRangeException(nameof(errorRate), errorRate, "An error rate is between 0 and 1.");
        return errorRate is 0 or 1 ? 0 : -errorRate * Math.Log2(errorRate) - (1 - errorRate) * Math.Log2(1 - errorRate);
    }

    /// <summary>f = leaked / (n h(Q)), at least 1 on average for any method; infinite where h(Q) is 0.</summary>
    public static double Of(int leakedBits, int lengthInBits, double errorRate) => leakedBits / (lengthInBits * BinaryEntropy(errorRate));
}
