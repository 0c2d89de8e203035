using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Statistics of the secret and error distribution. The seed is fixed: the false-alarm rates stated say how likely a correct sampler
/// would have failed under a random one.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class CentredBinomialTests
{
    private const int Count = 1 << 20;
    private static readonly int[] s_samples = Draw();

    [Fact]
    public void Every_width_counts_the_same_ones()
    {
        using RandomStream random = RandomStream.FromSeed([31], "test");
        for (int length = 0; length <= 130; length++)
        {
            byte[] bytes = new byte[length * CentredBinomial.BytesPerSample];
            random.Fill(bytes);
            // All bits set and none set, too: the extremes of a count.
            if (length > 1)
            {
                bytes.AsSpan(0, 8).Fill(255);
                bytes.AsSpan(8 * length, 4).Fill(255);
                bytes.AsSpan(8, 8).Clear();
                bytes.AsSpan(8 * length + 4, 4).Clear();
            }
            int[] expected = new int[length];
            for (int i = 0; i < length; i++)
            {
                for (int bit = 0; bit < 84; bit++)
                    expected[i] += bit < 64 ? (bytes[8 * i + bit / 8] >> (bit % 8)) & 1 : (bytes[8 * length + 4 * i + (bit - 64) / 8] >> (bit % 8)) & 1;
                expected[i] -= 42;
            }
            foreach (KernelPath path in Paths.Supported)
            {
                int[] samples = new int[length];
                CentredBinomial.Count(path, bytes, samples);
                Assert.Equal(expected, samples);
            }
            Assert.True(length < 2 || (expected[0], expected[1]) == (42, -42));
        }
    }

    [Fact]
    public void Mean_and_variance_are_0_and_21()
    {
        double mean = s_samples.Average(), variance = s_samples.Average(x => (double)x * x);
        // Five deviations, false alarm below 10^-6 each. The fourth moment of CBD(42) is 3 * 21^2 - 21/2, so x^2 has variance 871.5.
        Assert.InRange(mean, -5 * Math.Sqrt(21.0 / Count), 5 * Math.Sqrt(21.0 / Count));
        Assert.InRange(variance, 21 - 5 * Math.Sqrt(871.5 / Count), 21 + 5 * Math.Sqrt(871.5 / Count));
        Assert.All(s_samples, x => Assert.InRange(x, -42, 42));
    }

    [Fact]
    public void Frequencies_are_the_binomial_ones()
    {
        const int Tail = 19;
        double[] expected = new double[2 * Tail + 1];
        double[] observed = new double[expected.Length];
        for (int x = -42; x <= 42; x++)
            expected[Math.Clamp(x, -Tail, Tail) + Tail] += Probability(x) * Count;
        foreach (int x in s_samples)
            observed[Math.Clamp(x, -Tail, Tail) + Tail]++;
        // Chi-square with 38 degrees of freedom exceeds 97 with probability below 10^-6.
        Assert.InRange(expected.Zip(observed, (e, o) => (o - e) * (o - e) / e).Sum(), 0, 97);
    }

    [Fact]
    public void Neighbours_are_uncorrelated()
    {
        double sum = 0;
        for (int i = 1; i < Count; i++)
            sum += s_samples[i] * s_samples[i - 1];
        // Five deviations of a mean of products of variance 441.
        Assert.InRange(sum / Count, -5 * 21 / Math.Sqrt(Count), 5 * 21 / Math.Sqrt(Count));
    }

    [Fact]
    public void Sums_of_errors_keep_the_noise_bound()
    {
        // 65,536 sums of sixteen: at 2^-64 each, a false alarm has probability 2^-48. The largest is expected near 4.4 deviations.
        int bound = KaheParameters.Create(16, 16).NoiseBound, largest = 0;
        for (int i = 0; i < Count; i += 16)
            largest = Math.Max(largest, Math.Abs(s_samples.AsSpan(i, 16).ToArray().Sum()));
        Assert.InRange(largest, 3 * Math.Sqrt(16 * 21), bound);
    }

    private static double Probability(int x)
    {
        BigInteger choose = 1;
        for (int i = 1; i <= 42 + x; i++)
            choose = choose * (84 - i + 1) / i;
        return Math.ScaleB((double)choose, -84);
    }

    private static int[] Draw()
    {
        using RandomStream random = RandomStream.FromSeed([30], "test");
        int[] samples = new int[Count];
        CentredBinomial.Sample(random, new byte[Count * CentredBinomial.BytesPerSample], samples);
        return samples;
    }
}
