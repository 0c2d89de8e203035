namespace QuantumFed.Learning.Tests;

public sealed class NewtonTests
{
    /// <summary>The definition, in decimal sums, one element after the other.</summary>
    internal static double[] SlowStatistics(Dataset rows, LogisticModel model)
    {
        int n = model.FeatureCount + 1;
        decimal[] gradient = new decimal[n];
        decimal[,] hessian = new decimal[n, n];
        for (int i = 0; i < rows.RowCount; i++)
        {
            double[] x = [.. rows.Row(i), 1];
            double t = model.Intercept;
            for (int j = 0; j < n - 1; j++) t += model.Weights[j] * x[j];
            double p = 1 / (1 + Math.Exp(-t));
            for (int j = 0; j < n; j++)
            {
                gradient[j] += (decimal)((p - rows.Labels[i]) * x[j]);
                for (int k = j; k < n; k++) hessian[j, k] += (decimal)(p * (1 - p) * x[j] * x[k]);
            }
        }

        List<double> statistics = [.. gradient.Select(g => (double)g)];
        for (int j = 0; j < n; j++)
            for (int k = j; k < n; k++)
                statistics.Add((double)hessian[j, k]);
        statistics.Add(rows.RowCount);
        return [.. statistics];
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 2)]
    [InlineData(33, 7)]
    [InlineData(200, 8)]
    [InlineData(60, 13)]
    [InlineData(60, 31)]
    public void Statistics_are_their_definition(int rows, int features)
    {
        Dataset data = TestData.Random(rows, features, seed: features);
        LogisticModel model = TestData.RandomModel(features, seed: rows, standardised: false);
        double[] expected = SlowStatistics(data, model), actual = NewtonStatistics.Compute(data, model);
        Assert.Equal(NewtonStatistics.LengthFor(features), actual.Length);
        Assert.Equal(rows, NewtonStatistics.RowCountOf(actual));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-11);
    }

    [Fact]
    public void Statistics_of_parts_add_up_to_those_of_the_whole()
    {
        Dataset whole = TestData.Random(50, 4, seed: 8);
        LogisticModel model = TestData.RandomModel(4, seed: 8, standardised: false);
        double[] a = NewtonStatistics.Compute(whole.Select([.. Enumerable.Range(0, 18)]), model);
        double[] b = NewtonStatistics.Compute(whole.Select([.. Enumerable.Range(18, 32)]), model);
        double[] all = NewtonStatistics.Compute(whole, model);
        for (int i = 0; i < all.Length; i++) Assert.Equal(all[i], a[i] + b[i], 1e-11);
    }

    [Fact]
    public void A_step_solves_the_ridge_equations_with_no_ridge_on_the_intercept()
    {
        Dataset data = TestData.Random(80, 5, seed: 9);
        LogisticModel model = TestData.RandomModel(5, seed: 9, standardised: false);
        double[] sums = NewtonStatistics.Compute(data, model);
        const double l2 = 2.5;
        LogisticModel next = ClearFederation.Stepped(NewtonStep.Apply(model, sums, l2));

        // (H + R)(w - w') = g + R w, checked by multiplication.
        double[,] h = new double[6, 6];
        int at = 6;
        for (int j = 0; j < 6; j++)
            for (int k = j; k < 6; k++)
                h[j, k] = h[k, j] = sums[at++];
        double[] step = [.. Enumerable.Range(0, 5).Select(j => model.Weights[j] - next.Weights[j]), model.Intercept - next.Intercept];
        for (int j = 0; j < 6; j++)
        {
            double ridge = j < 5 ? l2 : 0;
            double left = ridge * step[j] + Enumerable.Range(0, 6).Sum(k => h[j, k] * step[k]);
            double right = sums[j] + (j < 5 ? ridge * model.Weights[j] : 0);
            Assert.Equal(right, left, 1e-11);
        }
    }

    [Fact]
    public void A_step_is_golden()
    {
        // A replay on any machine must give these bits; only + - * / sqrt in a fixed order make them. Computed by an independent program
        // (CPython's doubles, the equations in the order CholeskySolver documents).
        double[] sums = [0.3, -0.7, 1.1, 5.1, 0.4, 0.2, 6.3, -0.9, 7.7, 31];
        LogisticModel next = ClearFederation.Stepped(NewtonStep.Apply(LogisticModel.Create([0.1, 0.2], 0.3), sums));
        Assert.Equal(
            "51464d5301000100020000000200000003000000b859a00aae06a23fb340ea8a1559d03f095150c3ba28c53f",
            Convert.ToHexStringLower(ModelState.From(next).ToCanonicalBytes()));
    }

    [Fact]
    public void The_standardisation_survives_a_step()
    {
        LogisticModel model = TestData.RandomModel(3, seed: 2, standardised: true);
        double[] sums = NewtonStatistics.Compute(TestData.Random(30, 3, seed: 2), model);
        Assert.Same(model.Standardisation, ClearFederation.Stepped(NewtonStep.Apply(model, sums)).Standardisation);
    }

    [Fact]
    public void Collinear_features_without_ridge_are_refused_with_the_feature_and_solved_with_it()
    {
        Dataset data = TestData.Table("a,b", ([1, 2], 0), ([2, 4], 1), ([-1, -2], 1), ([3, 6], 0));
        double[] sums = NewtonStatistics.Compute(data, LogisticModel.Zero(2));
        StepOutcome<LogisticModel>.Refused refused = Assert.IsType<StepOutcome<LogisticModel>.Refused>(NewtonStep.Apply(LogisticModel.Zero(2), sums, l2: 0));
        Assert.Contains("feature 2", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<StepOutcome<LogisticModel>.Stepped>(NewtonStep.Apply(LogisticModel.Zero(2), sums, l2: 1));
    }

    [Fact]
    public void Sums_that_no_rows_have_are_refused()
    {
        double[] sums = NewtonStatistics.Compute(TestData.Random(30, 2, seed: 2), LogisticModel.Zero(2));
        void Refused(int index, double value)
        {
            double[] altered = [.. sums];
            altered[index] = value;
            Assert.NotEmpty(Assert.IsType<StepOutcome<LogisticModel>.Refused>(NewtonStep.Apply(LogisticModel.Zero(2), altered)).Reason);
        }

        Refused(0, double.NaN);
        Refused(4, double.PositiveInfinity);
        Refused(3, -100);
        Refused(8, 0);
        Refused(9, 0);
        Refused(9, 2.5);
        Refused(9, -3);
        Refused(5, 1e300);
        Assert.Throws<ArgumentException>(() => NewtonStep.Apply(LogisticModel.Zero(3), sums));
        Assert.Throws<ArgumentOutOfRangeException>(() => NewtonStep.Apply(LogisticModel.Zero(2), sums, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NewtonStep.Apply(LogisticModel.Zero(2), sums, double.NaN));
    }
}
