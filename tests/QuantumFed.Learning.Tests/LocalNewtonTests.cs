namespace QuantumFed.Learning.Tests;

public sealed class LocalNewtonTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(10.0)]
    public void A_fit_has_no_slope_left(double l2)
    {
        Dataset data = TestData.Random(200, 6, seed: 12);
        LocalFit fit = LocalNewton.Fit(data, l2);
        Assert.True(fit.Converged);
        Assert.InRange(fit.Iterations, 2, 12);
        double[] slope = NewtonTests.SlowStatistics(data, fit.Model);
        for (int j = 0; j < 6; j++) Assert.Equal(0, slope[j] + l2 * fit.Model.Weights[j], 1e-8);
        Assert.Equal(0, slope[6], 1e-8);
    }

    [Fact]
    public void The_intercept_alone_is_the_log_odds_of_the_prevalence()
    {
        // One feature that says nothing and is balanced: its weight is 0, and the unpenalised intercept is exact whatever the ridge.
        Dataset data = TestData.Table("a", ([-1], 1), ([1], 1), ([-1], 1), ([1], 1), ([-1], 0), ([1], 0));
        LocalFit fit = LocalNewton.Fit(data, l2: 50);
        Assert.Equal(Math.Log(2), fit.Model.Intercept, 1e-10);
        Assert.Equal(0, fit.Model.Weights[0], 1e-10);
    }

    [Fact]
    public void One_class_ends_in_a_model_that_says_so()
    {
        Dataset data = TestData.Table("a", ([-1], 1), ([1], 1), ([0.5], 1));
        LocalFit fit = LocalNewton.Fit(data);
        Assert.True(fit.Converged);
        Assert.True(fit.Model.Probability([0]) > 0.999999);
    }

    [Fact]
    public void Separable_rows_without_ridge_end_without_an_exception()
    {
        LocalFit fit = LocalNewton.Fit(TestData.Table("a", ([-2], 0), ([-1], 0), ([1], 1), ([2], 1)), l2: 0);
        Assert.True(fit.Model.Probability([1]) > 0.99);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Dataset data = TestData.Random(5, 1, seed: 1);
        Assert.Throws<ArgumentException>(() => LocalNewton.Fit(data.Select([])));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalNewton.Fit(data, maxIterations: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalNewton.Fit(data, l2: -1));
    }

    [Fact]
    public void A_fit_is_given_up_between_two_passes() => Assert.Throws<OperationCanceledException>(
        () => LocalNewton.Fit(TestData.Random(50, 3, seed: 1), beforePass: () => throw new OperationCanceledException()));
}
