namespace QuantumFed.Learning.Tests;

public sealed class GaussianMechanismTests
{
    [Theory]
    [InlineData(8, 1e-5, 10)]
    [InlineData(0.1, 1e-6, 1)]
    [InlineData(1e-9, 0.5, 1000)]
    [InlineData(1e6, 1e-300, 7)]
    public void The_noise_of_an_epsilon_has_that_epsilon(double epsilon, double delta, int releases) =>
        Assert.Equal(1, GaussianMechanism.Epsilon(GaussianMechanism.NoiseMultiplier(epsilon, delta, releases), delta, releases) / epsilon, 9);

    [Fact]
    public void The_multiplier_of_epsilon_8_over_10_rounds_is_the_one_computed_by_hand()
    {
        // rho + 2 sqrt(rho ln 1e5) = 8 gives sqrt(rho) = sqrt(ln 1e5 + 8) - sqrt(ln 1e5) = 1.024339..., and z = sqrt(10 / 2) / sqrt(rho).
        double root = Math.Sqrt(Math.Log(1e5) + 8) - Math.Sqrt(Math.Log(1e5));
        Assert.Equal(Math.Sqrt(5) / root, GaussianMechanism.NoiseMultiplier(8, 1e-5, 10), 12);
        Assert.InRange(root, 1.02, 1.03);
    }

    [Fact]
    public void More_privacy_or_more_releases_need_more_noise()
    {
        Assert.True(GaussianMechanism.NoiseMultiplier(1, 1e-5, 10) > GaussianMechanism.NoiseMultiplier(8, 1e-5, 10));
        Assert.True(GaussianMechanism.NoiseMultiplier(1, 1e-9, 10) > GaussianMechanism.NoiseMultiplier(1, 1e-5, 10));
        Assert.Equal(2, GaussianMechanism.NoiseMultiplier(1, 1e-5, 40) / GaussianMechanism.NoiseMultiplier(1, 1e-5, 10), 12);
    }

    [Theory]
    [InlineData(0, 1e-5, 1)]
    [InlineData(-1, 1e-5, 1)]
    [InlineData(double.NaN, 1e-5, 1)]
    [InlineData(double.PositiveInfinity, 1e-5, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(1, 1e-5, 0)]
    public void Bounds_that_are_none_are_refused(double epsilon, double delta, int releases) =>
        Assert.ThrowsAny<ArgumentException>(() => GaussianMechanism.NoiseMultiplier(epsilon, delta, releases));
}
