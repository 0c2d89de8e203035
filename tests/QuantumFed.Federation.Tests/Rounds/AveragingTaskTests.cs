using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Federation.Tests;

/// <summary>What a task of each method asks of a round and of a member, without a round.</summary>
public sealed class AveragingTaskTests
{
    public static TheoryData<TrainingMethod> Methods => [.. Enum.GetValues<TrainingMethod>()];

    [Theory, MemberData(nameof(Methods))]
    public void Purposes_bits_and_counts_follow_from_the_method(TrainingMethod method)
    {
        LearningTask task = method == TrainingMethod.Newton ? Tasks.Newton(3) : Tasks.Averaging(method, standardise: Standardise.Federated, rounds: 4);
        RoundPurpose training = method == TrainingMethod.Newton ? RoundPurpose.NewtonStep : RoundPurpose.WeightedAverage;
        Assert.Equal([RoundPurpose.Moments, training], RoundTask.PurposesOf(task));
        Assert.Equal([training], RoundTask.PurposesOf(task with { Standardise = Standardise.Centre }));
        Assert.Equal((26, 14), (RoundTask.BitsPerValue(task, RoundPurpose.Moments), RoundTask.ValueCount(task, RoundPurpose.Moments)));
        // Newton: 2 (4 + 10 + 1); averaging: the 4 parameters of each vector and two limbs of the weight.
        (int bits, int values, int memory) = method switch
        {
            TrainingMethod.Newton => (26, 30, 0),
            TrainingMethod.FedAdam or TrainingMethod.FedYogi => (16, 6, 2),
            TrainingMethod.Scaffold => (16, 10, 1),
            _ => (16, 6, 0),
        };
        Assert.Equal((bits, values), (RoundTask.BitsPerValue(task, training), RoundTask.ValueCount(task, training)));
        ModelState initial = RoundTask.InitialModel(task);
        Assert.Equal(memory, initial.MemoryCount);
        Assert.Equal(method == TrainingMethod.Newton ? NumberFormat.Binary64 : NumberFormat.Binary32, initial.Format);
        Assert.Equal(RoundPurpose.Moments, RoundTask.PurposeOf(task, initial));
        Assert.Equal(training, RoundTask.PurposeOf(task with { Standardise = Standardise.Centre }, initial));
        Assert.True(Standardisation.TryCreate([0, 0, 0], [1, 1, 1], out Standardisation? standardisation));
        Assert.Equal(training, RoundTask.PurposeOf(task, initial.With(standardisation)));
        Assert.Equal(5, RoundTask.RoundCount(task));
    }

    [Theory]
    [InlineData(AgreedModelKind.Logistic, 2, 0, 4)]
    [InlineData(AgreedModelKind.Softmax, 5, 0, 20)]
    [InlineData(AgreedModelKind.Mlp, 5, 7, 68)]
    [InlineData(AgreedModelKind.Opaque, 2, 0, 4_194_304)]
    public void Every_agreed_model_has_a_shape_and_a_codec(AgreedModelKind kind, int classes, int hidden, int parameters)
    {
        LearningTask task = Tasks.Averaging(
            TrainingMethod.Scaffold, new AgreedModel(kind, classes, hidden > 0 ? [hidden] : [], kind == AgreedModelKind.Opaque ? parameters : 0, 5));
        Assert.Equal(parameters, TaskTerms.ShapeOf(task).ParameterCount);
        Assert.Equal(2 * parameters + 2, RoundTask.ValueCount(task, RoundPurpose.WeightedAverage));
        Assert.Equal((38L, 2), (TaskTerms.CodecOf(task).WeightCap, TaskTerms.CodecOf(task).VectorCount));
    }

    [Fact]
    public void The_terms_reach_training_and_the_coordinators_step()
    {
        LearningTask task = Tasks.Averaging(TrainingMethod.FedProx);
        Assert.Equal(new LocalTraining(2, 8, 0.1, LocalOptimizer.Sgd, 0.001, 0.01), TaskTerms.TrainingOf(task));
        Assert.Equal(new ServerOptimizer(ServerRule.Average, 1, 0.9, 0.99, 0.001), TaskTerms.OptimizerOf(task));
        Assert.Equal(ServerRule.Average, TaskTerms.OptimizerOf(task with { Method = TrainingMethod.FedAvg }).Rule);
        Assert.Equal(ServerRule.Adam, TaskTerms.OptimizerOf(task with { Method = TrainingMethod.FedAdam }).Rule);
        Assert.Equal(ServerRule.Yogi, TaskTerms.OptimizerOf(task with { Method = TrainingMethod.FedYogi }).Rule);
        Assert.Equal(ServerRule.Scaffold, TaskTerms.OptimizerOf(task with { Method = TrainingMethod.Scaffold }).Rule);
        LearningTask adam = task with { Averaging = task.Averaging! with { Optimizer = AgreedOptimizer.Adam } };
        Assert.Equal(LocalOptimizer.Adam, TaskTerms.TrainingOf(adam).Optimizer);
        Assert.Throws<InvalidOperationException>(() => TaskTerms.TrainingOf(Tasks.Newton(3)));
        Assert.Throws<InvalidOperationException>(() => TaskTerms.CodecOf(Tasks.Newton(3)));
    }

    [Theory]
    [InlineData(3, 5, 1.0, "3 numbers")]
    [InlineData(5, 5, 1.0, "5 numbers")]
    [InlineData(4, 0, 1.0, "0 rows")]
    [InlineData(4, -1, 1.0, "-1 rows")]
    [InlineData(4, 5, double.NaN, "diverged")]
    [InlineData(4, 5, double.PositiveInfinity, "diverged")]
    public void What_a_trainer_says_is_refused_with_a_reason_where_it_is_no_update(int length, int rows, double value, string reason)
    {
        foreach (TrainingMethod method in (TrainingMethod[])[TrainingMethod.FedAvg, TrainingMethod.Scaffold])
        {
            double[] delta = [.. Enumerable.Repeat(value, length)];
            Assert.False(Encode(Tasks.Averaging(method), new LocalUpdate(delta, rows, StepCount: 3, Loss: null), out MemberContribution? contribution, out string? failure));
            Assert.Null(contribution);
            Assert.Contains(reason, failure, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Scaffold_asks_for_a_step_and_the_others_do_not(int steps)
    {
        var update = new LocalUpdate([1, 1, 1, 1], RowCount: 5, steps, Loss: null);
        Assert.False(Encode(Tasks.Averaging(TrainingMethod.Scaffold), update, out MemberContribution? contribution, out string? failure));
        Assert.Null(contribution);
        Assert.Contains("no step", failure, StringComparison.Ordinal);
        Assert.True(Encode(Tasks.Averaging(TrainingMethod.FedAvg), update, out _, out failure), failure);
    }

    [Fact]
    public void Sums_out_of_reach_give_no_step()
    {
        LearningTask task = Tasks.Averaging(TrainingMethod.FedAvg);
        ModelState model = RoundTask.InitialModel(task);
        ulong[] sums = [.. Enumerable.Repeat(4UL << 15, 4), 100, 0];
        Assert.True(RoundTask.TryStep(task, model, sums, 4, 4, out ModelState? next, out _));
        Assert.Equal(model.ToCanonicalBytes(), next.ToCanonicalBytes());
        sums[0] = 4 * 65_535 + 1;
        Assert.False(RoundTask.TryStep(task, model, sums, 4, 4, out next, out string? failure));
        Assert.Null(next);
        Assert.Contains("out of the range", failure, StringComparison.Ordinal);
        (sums[0], sums[4]) = (0, 4 * 38 + 1);
        Assert.False(RoundTask.TryStep(task, model, sums, 4, 4, out _, out _));
    }

    [Fact]
    public void A_step_that_diverges_gives_no_model_and_says_so()
    {
        LearningTask task = Tasks.Averaging(TrainingMethod.FedAvg);
        ModelState model = ModelState.Create(ModelShape.Logistic(3), NumberFormat.Binary32, null, [float.MaxValue, 0, 0, 0]);
        ulong[] sums = [65_535, 32_768, 32_768, 32_768, 1, 0];
        Assert.True(RoundTask.TryStep(task, model, sums, 1, 4, out _, out _));
        task = task with { Averaging = task.Averaging! with { ClipNorm = 1e38 } };
        Assert.False(RoundTask.TryStep(task, model, sums, 1, 4, out _, out string? failure));
        Assert.Contains("diverges", failure, StringComparison.Ordinal);
    }

    private static bool Encode(LearningTask task, LocalUpdate update, out MemberContribution? contribution, out string? failure)
    {
        using RandomStream rounding = RandomStream.FromSeed([1], "QuantumFed.Tests.rounding");
        return UpdateContribution.TryEncode(task, RoundTask.InitialModel(task), update, rounding, out contribution, out failure);
    }
}
