namespace QuantumFed.Learning.Tests;

public sealed class FeatureMagnitudesTests
{
    [Theory]
    [InlineData(8, 0)]
    [InlineData(8.000001, 1)]
    [InlineData(-16, 1)]
    [InlineData(4, -1)]
    [InlineData(0.5, -4)]
    [InlineData(1e6, 17)]
    [InlineData(1e-30, -60)]
    [InlineData(1e300, 60)]
    public void A_magnitude_is_the_smallest_power_of_two_within_eight_times_of_which_all_values_lie(double largest, int exponent)
    {
        Dataset rows = Dataset.Create(["x", "flag"], [largest / 3, 1, largest, 0], [0, 1]);
        Assert.Equal([exponent, 0], FeatureMagnitudes.Of([rows.Select([0]), rows]));
    }

    [Fact]
    public void Parts_of_different_features_have_no_magnitudes()
    {
        Assert.Throws<ArgumentException>(() => FeatureMagnitudes.Of([]));
        Assert.Throws<ArgumentException>(() => FeatureMagnitudes.Of([TestData.Random(3, 2, seed: 1), TestData.Random(3, 3, seed: 1)]));
    }
}
