using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

public sealed class OneClassTests
{
    private static readonly LearningTask Task = Tasks.Newton(2, Standardise.Centre, 3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_class_over_all_members_gives_no_step(byte label)
    {
        Assert.False(Step([label, label, label], [label, label, label], out string? failure));
        Assert.Contains("alike", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_at_one_member_is_no_obstacle() => Assert.True(Step([1, 1, 1], [0, 1, 0], out string? failure), failure);

    private static bool Step(byte[] first, byte[] second, out string? failure)
    {
        ModelState model = RoundTask.InitialModel(Task);
        Assert.True(RoundTask.TryContribute(Task, model, Rows([1, 2, 4], first), out uint[]? one, out failure), failure);
        Assert.True(RoundTask.TryContribute(Task, model, Rows([3, -2, 0], second), out uint[]? two, out failure), failure);
        return RoundTask.TryStep(Task, model, [.. one.Zip(two, (x, y) => (ulong)x + y)], 2, 2, out _, out failure);
    }

    private static Dataset Rows(double[] values, byte[] labels) =>
        Dataset.Create(Tasks.FeatureNames(2), [.. values.SelectMany(value => new[] { value, value * value })], labels);
}
