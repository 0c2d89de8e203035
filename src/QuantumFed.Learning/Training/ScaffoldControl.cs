namespace QuantumFed.Learning;

/// <summary>The members' control variates of SCAFFOLD (Karimireddy et al., ICML 2020, algorithm 1), option II: from the steps taken, without another
/// pass over the rows.</summary>
public static class ScaffoldControl
{
    /// <summary>By how much a member's control variate changes: c_i+ - c_i = -c + (x - y_i) / (K eta) = -c - delta / (K eta).</summary>
    /// <param name="serverControl">c, the round's server control variate.</param>
    /// <param name="delta">y_i - x, what the member's training came to, before anything clips it.</param>
    /// <param name="stepCount">K, the steps taken, at least 1.</param>
    /// <param name="learningRate">Eta, the steps' size, above 0.</param>
    /// <returns>As many numbers as <paramref name="delta"/>.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a number is out of range.</exception>
    public static double[] Change(ReadOnlySpan<double> serverControl, ReadOnlySpan<double> delta, int stepCount, double learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCount, 1);
        if (!(learningRate > 0) || !double.IsFinite(learningRate))
            throw new ArgumentOutOfRangeException(nameof(learningRate), "The learning rate is a finite number above 0.");
        if (serverControl.Length != delta.Length)
            throw new ArgumentException($"The control variate has {serverControl.Length} numbers, the update {delta.Length}.", nameof(delta));
        double[] change = new double[delta.Length];
        for (int i = 0; i < change.Length; i++) change[i] = -serverControl[i] - delta[i] / (stepCount * learningRate);
        return change;
    }
}
