namespace QuantumFed.Learning.Tests;

public sealed class StandardisationTests
{
    [Fact]
    public void Standardised_training_rows_have_mean_0_and_sample_variance_1()
    {
        Dataset train = TestData.Random(57, 5, seed: 3);
        Dataset standardised = Standardisation.FromRows(train).Apply(train);
        for (int j = 0; j < 5; j++)
        {
            double[] column = [.. Enumerable.Range(0, 57).Select(i => standardised.Row(i)[j])];
            double mean = column.Average();
            Assert.Equal(0, mean, 12);
            Assert.Equal(1, column.Sum(x => (x - mean) * (x - mean)) / 56, 7);
        }

        Assert.Equal(train.Labels.ToArray(), standardised.Labels.ToArray());
    }

    [Fact]
    public void The_scale_is_the_sample_standard_deviation_plus_1e_9()
    {
        Standardisation s = Standardisation.FromRows(TestData.Table("a,b", ([1, 5], 0), ([2, 5], 1), ([6, 5], 0)));
        Assert.Equal([3, 5], s.Means.ToArray());
        Assert.Equal(Math.Sqrt((4 + 1 + 9) / 2.0) + 1e-9, s.Scales[0]);
        Assert.Equal(1e-9, s.Scales[1]);
    }

    [Fact]
    public void Moments_of_parts_give_the_standardisation_of_the_whole()
    {
        Dataset whole = TestData.Random(90, 4, seed: 4);
        Dataset[] parts = [whole.Select([.. Enumerable.Range(0, 20)]), whole.Select([.. Enumerable.Range(20, 70)])];
        double[] sums = ClearFederation.Sum([.. parts.Select(part => MomentStatistics.Compute(part, ClearFederation.Units(4)))]);
        Standardisation federated = ClearFederation.Standardised(4, sums).Standardisation!;
        Standardisation pooled = Standardisation.FromRows(whole);
        for (int j = 0; j < 4; j++)
        {
            Assert.Equal(pooled.Means[j], federated.Means[j], 8);
            Assert.Equal(pooled.Scales[j], federated.Scales[j], 8);
        }
    }

    [Fact]
    public void A_constant_feature_has_a_scale_above_0_even_where_rounding_makes_its_variance_negative()
    {
        // 10 rows of 0.1, whose squares' sum was rounded down.
        Assert.True(Standardisation.TryFromMoments(10, [1], [0.1 - 1e-12], out Standardisation? s));
        Assert.Equal(1e-9, s.Scales[0]);
    }

    [Fact]
    public void Test_rows_have_no_influence()
    {
        Dataset train = TestData.Random(20, 2, seed: 5), test = TestData.Random(10, 2, seed: 6), otherTest = TestData.Random(10, 2, seed: 7);
        Dataset a = new HospitalCohort("a", train, test).Standardise(null).Train;
        Dataset b = new HospitalCohort("a", train, otherTest).Standardise(null).Train;
        Assert.Equal(a.Values.ToArray(), b.Values.ToArray());
        Assert.Equal(
            Standardisation.FromRows(train).Apply(test).Values.ToArray(),
            new HospitalCohort("a", train, test).Standardise(null).Test.Values.ToArray());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2.5, 1, 1)]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(double.PositiveInfinity, 1, 1)]
    [InlineData(-4, 1, 1)]
    [InlineData(4, double.NaN, 1)]
    [InlineData(4, 1, double.PositiveInfinity)]
    [InlineData(4, 1e200, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(4, 0, -1)]
    public void Sums_that_are_no_moments_are_refused(double count, double sum, double square)
        => Assert.IsType<StepOutcome<ModelState>.Refused>(MomentStep.Apply(ModelState.From(LogisticModel.Zero(1)), [count, sum, square], [0]));

    [Fact]
    public void Misuse_is_refused()
    {
        Dataset one = TestData.Random(1, 2, seed: 1);
        Assert.Throws<ArgumentException>(() => Standardisation.FromRows(one));
        Assert.Throws<ArgumentException>(() => Standardisation.FromMoments(1, [1], [1]));
        Assert.Throws<ArgumentException>(() => Standardisation.FromMoments(3, [1], [1]).Apply(one));
        ModelState two = ModelState.From(LogisticModel.Zero(2));
        Assert.Throws<ArgumentException>(() => MomentStep.Apply(two, [1, 2, 3], [0, 0]));
        Assert.Throws<ArgumentException>(() => MomentStep.Apply(two, [3, 1, 1, 1, 1], [0]));
        Assert.Throws<ArgumentException>(() => MomentStatistics.Compute(one, [0]));
        Assert.Throws<ArgumentException>(() => Standardisation.FromMoments(3, [1], [1]).TryScale([0, 0], out _));
    }
}
