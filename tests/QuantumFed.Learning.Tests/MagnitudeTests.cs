namespace QuantumFed.Learning.Tests;

/// <summary>Joint moments of features of any size: with the right magnitude they lose nothing.</summary>
public sealed class MagnitudeTests
{
    [Theory]
    [InlineData(1e6, 20)]
    [InlineData(1e-7, -24)]
    [InlineData(1, 0)]
    [InlineData(1e15, 50)]
    public void A_feature_of_any_size_is_standardised_as_from_raw_rows(double size, int magnitude)
    {
        Dataset rows = Rows(size);
        Standardisation raw = Standardisation.FromRows(rows), joint = Joint(rows, magnitude);
        double unit = Math.ScaleB(1, magnitude);
        Assert.Equal(raw.Means[0], joint.Means[0], 1e-9 * size);
        // The 1e-9 that is added to every deviation is in units of the magnitude.
        double deviation = raw.Scales[0] - Standardisation.Epsilon;
        Assert.Equal(deviation + Standardisation.Epsilon * unit, joint.Scales[0], 1e-9 * deviation);
    }

    [Fact]
    public void Without_its_magnitude_a_large_feature_is_out_of_range_and_a_tiny_one_lost()
    {
        double[] large = MomentStatistics.Compute(Rows(1e6), [0]), tiny = MomentStatistics.Compute(Rows(1e-7), [0]);
        Assert.False(FixedPointQuantizer.Statistics.TryQuantize(large, new uint[2 * large.Length], out RangeViolation violation));
        Assert.Equal(1, violation.Index);
        Standardisation lost = Scaled(ClearFederation.Sum([tiny]), 0);
        Assert.Equal(Standardisation.Epsilon, lost.Scales[0]);
    }

    [Fact]
    public void Dividing_by_a_power_of_two_is_exact()
    {
        Dataset rows = Rows(1);
        double[] plain = MomentStatistics.Compute(rows, [0]), scaled = MomentStatistics.Compute(rows, [-30]);
        Assert.Equal([plain[0], Math.ScaleB(plain[1], 30), Math.ScaleB(plain[2], 60)], scaled);
    }

    [Fact]
    public void A_scale_beyond_a_double_is_refused()
    {
        Assert.True(Standardisation.TryCreate([1e300], [1], out Standardisation? far));
        Assert.False(far.TryScale([60], out _));
        Assert.True(Standardisation.TryCreate([0], [double.Epsilon], out Standardisation? near));
        Assert.False(near.TryScale([-1], out _));
        Assert.IsType<StepOutcome<ModelState>.Refused>(MomentStep.Apply(ModelState.From(LogisticModel.Zero(1)), [4, 1e300, 1e308], [60]));
    }

    private static Dataset Rows(double size)
    {
        Random random = new(77);
        double[] values = [.. Enumerable.Range(0, 300).Select(_ => size * (4 * random.NextDouble() - 1))];
        return Dataset.Create(["f"], values, new byte[300]);
    }

    // Three hospitals, with the quantiser between them.
    private static Standardisation Joint(Dataset rows, int magnitude) => Scaled(
        ClearFederation.Sum([.. Enumerable.Range(0, 3).Select(i => MomentStatistics.Compute(rows.Select([.. Enumerable.Range(100 * i, 100)]), [magnitude]))]),
        magnitude);

    private static Standardisation Scaled(double[] sums, int magnitude) =>
        ClearFederation.Stepped(MomentStep.Apply(ModelState.From(LogisticModel.Zero(1)), sums, [magnitude])).Standardisation!;
}
