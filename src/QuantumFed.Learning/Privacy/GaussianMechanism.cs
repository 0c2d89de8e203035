namespace QuantumFed.Learning;

/// <summary>
/// How much Gaussian noise a number of releases needs, by zero-concentrated differential privacy (Bun and Steinke, "Concentrated Differential Privacy",
/// TCC 2016): a release of L2 sensitivity s with noise of deviation z s per coordinate is 1/(2 z^2)-zCDP (proposition 1.6); releases add up
/// (lemma 1.7); rho-zCDP gives (rho + 2 sqrt(rho ln(1/delta)), delta)-differential privacy (proposition 1.3).
/// </summary>
public static class GaussianMechanism
{
    /// <summary>The noise multiplier z with which so many releases together are (epsilon, delta)-differentially private.</summary>
    /// <param name="epsilon">Above 0.</param>
    /// <param name="delta">In (0, 1).</param>
    /// <param name="releases">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static double NoiseMultiplier(double epsilon, double delta, int releases)
    {
        if (!double.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfLessThan(releases, 1);
        if (!(delta is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(delta));
        // sqrt(rho) solves r^2 + 2 r sqrt(ln(1/delta)) = epsilon; written so that a small epsilon loses no digits.
        double slope = Math.Sqrt(Math.Log(1 / delta)), root = epsilon / (slope + Math.Sqrt(slope * slope + epsilon));
        return Math.Sqrt(releases / 2.0) / root;
    }

    /// <summary>The epsilon that so many releases with a noise multiplier have at a delta: the inverse of <see cref="NoiseMultiplier"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static double Epsilon(double noiseMultiplier, double delta, int releases)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(noiseMultiplier);
        ArgumentOutOfRangeException.ThrowIfLessThan(releases, 1);
        if (!(delta is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(delta));
        double rho = releases / (2 * noiseMultiplier * noiseMultiplier);
        return rho + 2 * Math.Sqrt(rho * Math.Log(1 / delta));
    }
}
