namespace QuantumFed.Lattice.Tests;

/// <summary>Statistics of one sample, each with a threshold that a right sampler exceeds with probability at most 2^-40, proved for every sample size:
/// no limit theorem is assumed.</summary>
internal sealed class Battery
{
    /// <summary>The binary logarithm of the probability that one statistic rejects a right sampler.</summary>
    internal const double Log2FalseAlarm = -40;

    private readonly List<Verdict> _verdicts = [];
    private readonly double _oneSided;
    private readonly double _twoSided;

    internal Battery(double log2FalseAlarm = Log2FalseAlarm)
    {
        _oneSided = -log2FalseAlarm * Math.Log(2);
        _twoSided = _oneSided + Math.Log(2);
    }

    internal IReadOnlyList<Verdict> Verdicts => _verdicts;

    internal IEnumerable<Verdict> Rejections => _verdicts.Where(verdict => verdict.IsRejected);

    /// <summary>Frequencies of independent samples: the likelihood-ratio form of chi-square, n D(observed || expected), half of G.</summary>
    /// <remarks>Its moment generating function is at most that of a gamma distribution of shape k - 1 and rate 1 (Agrawal, "Finite-Sample Concentration of
    /// the Multinomial in Relative Entropy", IEEE Trans. Inf. Theory 2020), so by Chernoff P(n D &gt;= x) &lt;= e^-(x - d - d ln(x/d)), d = k - 1, for x &gt; d.</remarks>
    internal void Frequencies(string name, ReadOnlySpan<long> counts, ReadOnlySpan<double> probabilities)
    {
        long n = 0;
        double total = 0, entropy = 0;
        foreach (long count in counts)
            n += count;
        for (int i = 0; i < counts.Length; i++)
        {
            total += probabilities[i];
            if (counts[i] > 0)
                entropy += counts[i] * Math.Log(counts[i] / (n * probabilities[i]));
        }
        Assert.InRange(total, 1 - 1e-10, 1 + 1e-10);
        _verdicts.Add(new Verdict(name, entropy, EntropyThreshold(counts.Length - 1)));
    }

    /// <summary>A sum of n independent terms of mean 0, known variance, and |term| &lt;= bound: Bernstein's inequality, both tails.</summary>
    internal void Sum(string name, double sum, long n, double variance, double bound)
    {
        double b = bound * _twoSided / 3;
        _verdicts.Add(new Verdict(name, Math.Abs(sum), b + Math.Sqrt(b * b + 2 * n * variance * _twoSided)));
    }

    /// <summary>The ones among n independent fair bits: Hoeffding's inequality, both tails.</summary>
    internal void Balance(string name, long ones, long n) =>
        _verdicts.Add(new Verdict(name, Math.Abs(ones - n / 2.0), Math.Sqrt(n * _twoSided / 2)));

    /// <summary>The largest distance between the distribution functions of n independent samples and of the uniform distribution over [0, 1), after
    /// Kolmogorov and Smirnov: P(D &gt; x) &lt;= 2 exp(-2 n x^2) (Dvoretzky, Kiefer and Wolfowitz; the constant is Massart's, 1990).</summary>
    internal void Uniformity(string name, double[] samples)
    {
        double[] sorted = (double[])samples.Clone();
        Array.Sort(sorted);
        double n = sorted.Length, distance = 0;
        for (int i = 0; i < sorted.Length; i++)
            distance = Math.Max(distance, Math.Max((i + 1) / n - sorted[i], sorted[i] - i / n));
        _verdicts.Add(new Verdict(name, distance, Math.Sqrt(_twoSided / (2 * n))));
    }

    /// <summary>Expects no rejection. Nothing but the name of what was sampled and the run's seed can be said of one.</summary>
    internal void RequireAccepted(string sampler)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{sampler}: {_verdicts.Count} statistics, {Closest()}");
        Assert.True(!Rejections.Any(), $"{sampler} ({RunLength.SeedText}): {string.Join("; ", Rejections)}");
    }

    /// <summary>Expects a rejection: the sampler is known to be wrong.</summary>
    internal void RequireRejected(string sampler)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{sampler}: rejected by {Rejections.Count()} of {_verdicts.Count}: {string.Join("; ", Rejections.Take(3))}");
        Assert.True(Rejections.Any(), $"{sampler} was accepted; {Closest()}");
    }

    private string Closest() => $"closest {_verdicts.MaxBy(verdict => verdict.Value / verdict.Threshold)}";

    // The left side grows from 0 at x = d: bisection.
    private double EntropyThreshold(int d)
    {
        double low = d, high = d + 10 * (_oneSided + Math.Sqrt(d * _oneSided));
        for (int i = 0; i < 200; i++)
        {
            double x = (low + high) / 2;
            if (x - d - d * Math.Log(x / d) < _oneSided)
                low = x;
            else
                high = x;
        }
        return high;
    }
}
