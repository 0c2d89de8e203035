namespace QuantumFed.Qkd;

/// <summary>H(x) = -x log2 x - (1 - x) log2 (1 - x), Shannon's entropy of a biased coin, in bits.</summary>
public static class BinaryEntropy
{
    /// <summary>H(x); 0 at the ends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is no probability.</exception>
    public static double Of(double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        return probability is 0 or 1 ? 0 : -probability * Math.Log2(probability) - (1 - probability) * Math.Log2(1 - probability);
    }
}
