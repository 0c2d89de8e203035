namespace QuantumFed.Learning.Tests;

public sealed class DatasetTests
{
    [Fact]
    public void Rows_and_labels_are_what_was_given_and_stay_so()
    {
        double[] values = [1, 2, 3, 4, 5, 6];
        byte[] labels = [0, 1, 1];
        Dataset dataset = Dataset.Create(["a", "b"], values, labels);
        values[2] = 99;
        labels[0] = 1;

        Assert.Equal(3, dataset.RowCount);
        Assert.Equal(2, dataset.FeatureCount);
        Assert.Equal([3, 4], dataset.Row(1).ToArray());
        Assert.Equal([0, 1, 1], dataset.Labels.ToArray());
        Assert.Equal(2, dataset.PositiveCount);
        Assert.True(dataset.HasBothClasses);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Row(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Row(-1).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("label")]
    [InlineData("a,b")]
    [InlineData("a\nb")]
    [InlineData(" a")]
    [InlineData("a\"")]
    public void Names_that_a_file_could_not_hold_are_refused(string name)
        => Assert.Throws<ArgumentException>(() => Dataset.Create([name], [1], [0]));

    [Fact]
    public void Tables_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Dataset.Create([], [], []));
        Assert.Throws<ArgumentException>(() => Dataset.Create(["a", "a"], [1, 2], [0]));
        Assert.Throws<ArgumentException>(() => Dataset.Create(["a"], [1, 2], [0]));
        Assert.Throws<ArgumentException>(() => Dataset.Create(["a"], [double.NaN], [0]));
        Assert.Throws<ArgumentException>(() => Dataset.Create(["a"], [double.PositiveInfinity], [0]));
        Assert.Throws<ArgumentException>(() => Dataset.Create(["a"], [1], [Dataset.MaxClassCount]));
        Assert.Throws<ArgumentException>(() => Dataset.Create(TestData.Names(Dataset.MaxFeatureCount + 1), [], []));
    }

    [Fact]
    public void Concatenation_of_a_partition_is_the_whole()
    {
        Dataset whole = TestData.Random(20, 3, seed: 1);
        Dataset again = Dataset.Concatenate([whole.Select([.. Enumerable.Range(0, 7)]), whole.Select([.. Enumerable.Range(7, 13)])]);
        Assert.Equal(whole.Values.ToArray(), again.Values.ToArray());
        Assert.Equal(whole.Labels.ToArray(), again.Labels.ToArray());
        Assert.Throws<ArgumentException>(() => Dataset.Concatenate([whole, TestData.Random(2, 4, seed: 1)]));
        Assert.Throws<ArgumentException>(() => Dataset.Concatenate([]));
    }

    [Fact]
    public void Concatenation_takes_the_memory_of_the_whole_once()
    {
        Dataset[] parts = [.. Enumerable.Range(1, 3).Select(seed => TestData.Random(20_000, 10, seed))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Dataset whole = Dataset.Concatenate(parts);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1.1 * sizeof(double) * whole.Values.Length);
    }

    [Fact]
    public void ToString_tells_shapes_only()
        => Assert.Equal("2 rows of 1 features", Dataset.Create(["secret"], [41.5, 42.5], [0, 1]).ToString());
}
