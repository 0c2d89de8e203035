namespace QuantumFed.Learning.Tests;

public sealed class ModelPredictorTests
{
    public static TheoryData<string> Shapes => GradientData.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Predictions_are_the_definitions(string text)
    {
        ModelShape shape = GradientData.Shape(text);
        ModelState model = GradientData.Model(shape, seed: 3);
        foreach (int rowCount in new[] { 0, 1, 63, 130 })
        {
            Dataset rows = GradientData.Rows(rowCount, shape.FeatureCount, shape.ClassCount, seed: 4);
            Predictions predictions = ModelPredictor.Predict(model, rows);
            Assert.Equal((rowCount, shape.ClassCount), (predictions.RowCount, predictions.ClassCount));
            for (int i = 0; i < rowCount; i++)
            {
                double[] expected = SlowNetwork.Probabilities(shape, model.Parameters, rows.Row(i));
                GradientData.AssertClose(expected, predictions.Row(i), 1e-6);
                Assert.Equal(1, predictions.Row(i).ToArray().Sum(), 1e-12);
                Assert.Equal(predictions.Row(i)[^1], predictions.OfClass(shape.ClassCount - 1)[i]);
            }
        }
    }

    [Fact]
    public void A_logistic_state_gives_the_numbers_of_its_LogisticModel()
    {
        LogisticModel model = TestData.RandomModel(6, seed: 3, standardised: false);
        Dataset rows = TestData.Random(200, 6, seed: 4);
        Assert.Equal(model.Probabilities(rows), ModelPredictor.Predict(ModelState.From(model), rows).OfClass(1));
        Assert.Equal(Evaluation.Of(model, rows), Evaluation.Of(ModelState.From(model), rows));
    }

    [Fact]
    public void Of_two_classes_one_half_is_class_1_and_of_more_the_first_best_wins()
    {
        Dataset row = Dataset.Create(["a"], [1], [0]);
        Assert.Equal(1, ModelPredictor.Predict(Zero(ModelShape.Logistic(1)), row).MostLikely(0));
        Assert.Equal(1, ModelPredictor.Predict(Zero(ModelShape.Softmax(1, 2)), row).MostLikely(0));
        Assert.Equal(0, ModelPredictor.Predict(Zero(ModelShape.Softmax(1, 3)), row).MostLikely(0));
        ModelState second = ModelState.Create(ModelShape.Softmax(1, 3), NumberFormat.Binary32, null, [0, 1, 1, 0, 0, 0]);
        Assert.Equal(1, ModelPredictor.Predict(second, row).MostLikely(0));
    }

    [Theory]
    [InlineData("logistic 2")]
    [InlineData("softmax 2 3")]
    [InlineData("mlp 2 8 8 3")]
    public void The_largest_numbers_still_give_probabilities(string text)
    {
        ModelShape shape = GradientData.Shape(text);
        double[] parameters = [.. Enumerable.Range(0, shape.ParameterCount).Select(i => i % 3 == 0 ? -3e38 : 3e38)];
        Dataset rows = Dataset.Create(["a", "b"], [1e300, -1e300, 3e38, 3e38, 0, 0], [0, 1, 0]);
        Predictions predictions = ModelPredictor.Predict(ModelState.Create(shape, NumberFormat.Binary32, null, parameters), rows);
        for (int i = 0; i < 3; i++) Assert.Equal(1, predictions.Row(i).ToArray().Sum(), 1e-12);
    }

    [Fact]
    public void Accuracy_and_mean_auc_of_three_classes()
    {
        // Every row is predicted as its own column; one label says otherwise, and class 3 does not occur.
        ModelState model = ModelState.Create(ModelShape.Softmax(3, 4), NumberFormat.Binary32, null, [9, 0, 0, 0, 9, -1, 0, 0, 9, 0, 0, 0, 0, 0, 0, -5]);
        Dataset rows = Dataset.Create(["a", "b", "c"], [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1], [0, 1, 1, 1, 2]);
        // One against the rest: class 0 beats 3 of 4 and ties with 1; class 1 has two rows above both others, and one that ties with one of them
        // and is above the other; class 2 is above all.
        double expected = (3.5 / 4 + 5.5 / 6 + 1) / 3;
        Evaluation evaluation = Evaluation.Of(model, rows);
        Assert.Equal((5, 0.8), (evaluation.RowCount, evaluation.Accuracy));
        Assert.Equal(expected, evaluation.Auc!.Value, 1e-12);
        Assert.Null(Evaluation.Of(model, rows.Select([2, 3])).Auc);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        ModelState model = Zero(ModelShape.Softmax(2, 3));
        Dataset rows = GradientData.Rows(4, 2, 3, seed: 1);
        Assert.Throws<ArgumentException>(() => ModelPredictor.Predict(Zero(ModelShape.Opaque(2, 3, 5)), rows));
        Assert.Throws<ArgumentException>(() => ModelPredictor.Predict(model, GradientData.Rows(4, 3, 3, seed: 1)));
        Assert.Throws<ArgumentException>(() => Evaluation.Of(model, rows.Select([])));
        Assert.Throws<ArgumentException>(() => Evaluation.Of(model, Dataset.Create(TestData.Names(2), [1, 2], [3])));
        Predictions predictions = ModelPredictor.Predict(model, rows);
        Assert.Throws<ArgumentOutOfRangeException>(() => predictions.Row(4).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => predictions.Row(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => predictions.OfClass(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => predictions.MostLikely(4));
    }

    private static ModelState Zero(ModelShape shape) => ModelState.Create(shape, NumberFormat.Binary32, null, new double[shape.ParameterCount]);
}
