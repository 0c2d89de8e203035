using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

public sealed class GaussianStatisticsTests
{
    private const int Normal = 1 << 20, Long = 1 << 24;

    [Fact]
    public void Gaussians_are_normal()
    {
        using RandomStream random = RandomStream.FromSeed([6], "statistics");
        GaussianBattery.Judge(Draw(Normal, random.NextGaussian)).RequireAccepted("NextGaussian, seeded");
    }

    [Fact]
    public void Gaussians_from_the_operating_system_are_normal()
    {
        LongTest.Require();
        using RandomStream random = RandomStream.FromOperatingSystem();
        GaussianBattery.Judge(Draw(Long, random.NextGaussian)).RequireAccepted("NextGaussian");
    }

    [Theory]
    [InlineData("twelve uniform numbers")]
    [InlineData("deviation 1.02")]
    [InlineData("a tail cut at 4")]
    [InlineData("pairs of one sign in 17 of 32 cases")]
    public void A_biased_sampler_is_rejected(string bias)
    {
        using RandomStream random = RandomStream.FromSeed([7], "statistics");
        double previous = 0;
        GaussianBattery.Judge(Draw(Normal, () => previous = bias switch
        {
            "twelve uniform numbers" => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6,
            "deviation 1.02" => 1.02 * random.NextGaussian(),
            "a tail cut at 4" => Cut(random, 4),
            _ => random.NextInt32(16) == 0 ? Math.CopySign(random.NextGaussian(), previous) : random.NextGaussian(),
        })).RequireRejected(bias);
    }

    [Fact]
    public void The_distribution_function_is_the_published_one()
    {
        // Abramowitz and Stegun, table 26.1.
        Assert.Equal(0.5, GaussianBattery.Distribution(0));
        Assert.Equal(0.841344746068543, GaussianBattery.Distribution(1), 1e-14);
        Assert.Equal(0.977249868051821, GaussianBattery.Distribution(2), 1e-14);
        Assert.Equal(1 - 0.998650101968370, GaussianBattery.Distribution(-3), 1e-14);
    }

    private static double Cut(RandomStream random, double limit)
    {
        double x;
        do
        {
            x = random.NextGaussian();
        }
        while (Math.Abs(x) > limit);
        return x;
    }

    private static double[] Draw(int count, Func<double> draw)
    {
        double[] samples = new double[count];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = draw();
        return samples;
    }
}
