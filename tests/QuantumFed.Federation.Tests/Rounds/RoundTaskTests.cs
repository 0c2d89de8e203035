using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

public sealed class RoundTaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(1000)]
    public void A_round_asks_for_as_many_values_as_its_statistics_have(int features)
    {
        LearningTask task = Task(features);
        Assert.Equal(MomentStatistics.LengthFor(features), RoundTask.StatisticCount(task, RoundPurpose.Moments));
        Assert.Equal(NewtonStatistics.LengthFor(features), RoundTask.StatisticCount(task, RoundPurpose.NewtonStep));
        Assert.Equal(2 * NewtonStatistics.LengthFor(features), RoundTask.ValueCount(task, RoundPurpose.NewtonStep));
    }

    [Fact]
    public void The_purpose_follows_from_task_and_model()
    {
        LearningTask federated = Task(2), centre = federated with { Standardise = Standardise.Centre };
        ModelState initial = RoundTask.InitialModel(federated);
        Assert.Equal(RoundPurpose.Moments, RoundTask.PurposeOf(federated, initial));
        Assert.Equal(RoundPurpose.NewtonStep, RoundTask.PurposeOf(centre, initial));
        Assert.True(Standardisation.TryCreate([1, 2], [3, 4], out Standardisation? standardisation));
        Assert.Equal(RoundPurpose.NewtonStep, RoundTask.PurposeOf(federated, initial.With(standardisation)));
        Assert.Equal((11, 10), (RoundTask.RoundCount(federated), RoundTask.RoundCount(centre)));
    }

    [Fact]
    public void A_statistic_outside_the_public_range_is_refused_by_its_index()
    {
        LearningTask task = Task(1);
        Dataset rows = Dataset.Create(["f0"], [1e9], [1]);
        Assert.False(RoundTask.TryContribute(task, RoundTask.InitialModel(task), rows, out uint[]? values, out string? failure));
        Assert.Null(values);
        Assert.StartsWith("Statistic 1 is 1000000000,", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_that_the_participants_cannot_reach_or_that_determine_no_step_are_refused()
    {
        LearningTask task = Task(1);
        ModelState model = RoundTask.InitialModel(task);
        ulong[] sums = new ulong[RoundTask.ValueCount(task, RoundPurpose.Moments)];
        sums[0] = 3 * ((1UL << 26) - 1) + 1;
        Assert.False(RoundTask.TryStep(task, model, sums, 3, 4, out ModelState? next, out string? failure));
        Assert.Null(next);
        Assert.Contains("out of the range", failure, StringComparison.Ordinal);
        // Every statistic 0, the number of rows too.
        for (int i = 0; i < sums.Length; i++)
            sums[i] = i % 2 == 0 ? 0 : 3UL << 25;
        Assert.False(RoundTask.TryStep(task, model, sums, 3, 4, out next, out failure));
        Assert.NotEmpty(failure);
    }

    private static LearningTask Task(int features) => Tasks.Newton(features, rounds: 10);
}
