using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

public sealed class CentredBinomialStatisticsTests
{
    private const int Normal = 1 << 20, Long = 1 << 24;

    [Fact]
    public void Secrets_are_CBD_42()
    {
        using RandomStream random = RandomStream.FromSeed([1], "statistics");
        CentredBinomialBattery.Judge(Draw(random, Normal)).RequireAccepted("CBD(42), seeded");
    }

    [Fact]
    public void Secrets_from_the_operating_system_are_CBD_42()
    {
        LongTest.Require();
        using RandomStream random = RandomStream.FromOperatingSystem();
        CentredBinomialBattery.Judge(Draw(random, Long)).RequireAccepted("CBD(42)");
    }

    [Theory]
    [InlineData("one pair of bits too few")]
    [InlineData("one even sample in 32 is one more")]
    [InlineData("one in sixteen repeats its neighbour")]
    [InlineData("one lane of eight stands still")]
    [InlineData("signs lean by one in 256")]
    public void A_biased_sampler_is_rejected(string bias)
    {
        using RandomStream random = RandomStream.FromSeed([2], "statistics");
        int[] samples = Draw(random, Normal);
        for (int i = 8; i < samples.Length; i++)
        {
            samples[i] = bias switch
            {
                "one pair of bits too few" => Count82(random),
                "one even sample in 32 is one more" => samples[i] + (random.NextInt32(32) == 0 && samples[i] % 2 == 0 && samples[i] < 42 ? 1 : 0),
                "one in sixteen repeats its neighbour" => random.NextInt32(16) == 0 ? samples[i - 1] : samples[i],
                "one lane of eight stands still" => i % 8 == 3 ? samples[i - 8] : samples[i],
                _ => random.NextInt32(128) == 0 ? Math.Abs(samples[i]) : samples[i],
            };
        }
        CentredBinomialBattery.Judge(samples).RequireRejected(bias);
    }

    /// <summary>CBD(41).</summary>
    private static int Count82(RandomStream random) =>
        BitOperations.PopCount(random.NextUInt64()) + BitOperations.PopCount(random.NextUInt64() & ((1UL << 18) - 1)) - 41;

    private static int[] Draw(RandomStream random, int count)
    {
        const int Chunk = 1 << 16;
        int[] samples = new int[count];
        byte[] scratch = new byte[Chunk * CentredBinomial.BytesPerSample];
        for (int i = 0; i < count; i += Chunk)
            CentredBinomial.Sample(random, scratch, samples.AsSpan(i, Chunk));
        return samples;
    }
}
