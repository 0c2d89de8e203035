using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>The samplers behind the fast simulator have their distributions. Each chi-square raises a false alarm once in 10^6 seeds; these are fixed.</summary>
public sealed class SamplerTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(1e-3)]
    [InlineData(1e-7)]
    public void Gaps_are_geometric(double probability)
    {
        using RandomStream random = RandomStream.FromSeed([1], "gaps");
        ulong[] words = new ulong[1 << 18];
        double[] gaps = new double[words.Length];
        random.Fill(MemoryMarshal.AsBytes(words.AsSpan()));
        GeometricGaps.Fill(words, gaps, probability);
        int width = Math.Max(1, (int)(0.1 / probability));
        long[] counts = new long[40];
        double[] expected = new double[40];
        foreach (double gap in gaps)
        {
            Assert.True(gap >= 0 && gap == Math.Floor(gap));
            counts[(int)Math.Min(39, gap / width)]++;
        }
        // P(gap >= m) = (1 - p)^m.
        for (int i = 0; i < 40; i++)
            expected[i] = Survives((double)i * width) - (i < 39 ? Survives((double)(i + 1) * width) : 0);
        Chi2.Distribution("gaps", counts, expected);

        double Survives(double m) => Math.Exp(m * Math.Log(1 - probability));
    }

    [Fact]
    public void The_logarithm_in_lanes_is_the_logarithm()
    {
        using RandomStream random = RandomStream.FromSeed([2], "logarithm");
        for (int i = 0; i < 10_000; i++)
        {
            double x = i switch { 0 => 1, 1 => Math.ScaleB(1, -52), 2 => 1 - Math.ScaleB(1, -52), 3 => Math.Sqrt(0.5), _ => random.NextDouble() + 1e-12 };
            double expected = Math.Log(x), computed = GeometricGaps.Logarithm(Vector512.Create(x))[i % 8];
            Assert.True(Math.Abs(expected - computed) <= 4e-16 * Math.Abs(expected) + 1e-18, $"ln {x:R}: {computed:R}, not {expected:R}");
        }
    }

    [Theory]
    [InlineData(1L, 0.3)]
    [InlineData(5L, 0.5)]
    [InlineData(1000L, 0.004)]
    [InlineData(1000L, 0.04)]
    [InlineData(300L, 0.9)]
    [InlineData(2000L, 0.5)]
    public void Binomial_counts_have_their_distribution(long trials, double probability)
    {
        using RandomStream random = RandomStream.FromSeed([3], "binomial");
        long[] counts = new long[trials + 1];
        for (int i = 0; i < 200_000; i++)
            counts[BinomialSampler.Sample(trials, probability, random)]++;
        double[] expected = new double[trials + 1];
        for (int k = 0; k <= trials; k++)
            expected[k] = Math.Exp(LogChoose(trials, k) + k * Math.Log(probability) + (trials - k) * Math.Log(1 - probability));
        Chi2.Distribution("binomial", counts, expected);

        static double LogChoose(long n, int k) => Enumerable.Range(1, k).Sum(i => Math.Log((double)(n - k + i) / i));
    }

    [Fact]
    public void Binomial_counts_of_very_many_trials_have_mean_and_variance()
    {
        const long Trials = 1_000_000_000_000;
        const double Probability = 0.2;
        const int Draws = 20_000;
        using RandomStream random = RandomStream.FromSeed([4], "binomial");
        double spread = Math.Sqrt(Trials * Probability * (1 - Probability)), sum = 0, squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            double z = (BinomialSampler.Sample(Trials, Probability, random) - Trials * Probability) / spread;
            sum += z;
            squares += z * z;
        }
        // Five deviations: once in 1.7 million seeds each.
        Assert.InRange(sum / Draws, -5 / Math.Sqrt(Draws), 5 / Math.Sqrt(Draws));
        Assert.InRange(squares / Draws, 1 - 5 * Math.Sqrt(2.0 / Draws), 1 + 5 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(Trials, BinomialSampler.Split(Trials, [0.7, 0.2, 0.1], random).Sum());
        Assert.Equal([0, Trials], BinomialSampler.Split(Trials, [0, 1], random));
    }

    [Fact]
    public void Outcomes_have_their_weights()
    {
        double[] weights = [0, 3, 1e-3, 0, 0.5, 0.5, 0, 7, 0.02, 0, 0, 1];
        var table = new AliasTable(weights);
        using RandomStream random = RandomStream.FromSeed([5], "alias");
        long[] counts = new long[weights.Length];
        for (int i = 0; i < 1_000_000; i++)
            counts[table.Draw(random.NextUInt64())]++;
        Chi2.Distribution("outcomes", counts, [.. weights.Select(weight => weight / weights.Sum())]);
        Assert.All(weights.Index().Where(w => w.Item == 0), w => Assert.Equal(0, counts[w.Index]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(10_000)]
    public void Detections_are_noted_bit_by_bit(int count)
    {
        using var record = new DetectionRecord();
        for (int i = 0; i < count; i++)
            record.Append((byte)(i * 7 % 48));
        record.Complete();
        Assert.Equal(count, record.Count);
        for (int i = 0; i < 64 * record.Words; i++)
        {
            int code = 0;
            for (int plane = 0; plane < DetectionCode.Planes; plane++)
                code |= (int)(record.Plane(plane)[i >> 6] >> (i & 63) & 1) << plane;
            Assert.Equal(i < count ? i * 7 % 48 : 0, code);
        }
    }
}
