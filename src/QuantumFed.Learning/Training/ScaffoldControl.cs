namespace QuantumFed.Learning;

/// <summary>A member's control variate (Karimireddy et al., ICML 2020, algorithm 1).</summary>
public static class ScaffoldControl
{
    /// <summary>Its change by option II: c_i+ - c_i = -c + (x - y) / (K eta) = -c - delta / (K eta).</summary>
    public static double[] Change(ReadOnlySpan<double> serverControl, ReadOnlySpan<double> delta, int stepCount, double learningRate)
    {
        double[] change = new double[delta.Length];
        double divisor = stepCount * learningRate;
        for (int j = 0; j < change.Length; j++) change[j] = -serverControl[j] - delta[j] / divisor;
        return change;
    }
}
