namespace QuantumFed.Learning.Tests;

public sealed class LocalTrainerTests
{
    public static TheoryData<string> Shapes => GradientData.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_step_is_against_the_gradient(string text)
    {
        ModelShape shape = GradientData.Shape(text);
        foreach (int rowCount in new[] { 1, 3, 64, 70 })
        {
            ModelState model = GradientData.Model(shape, seed: rowCount);
            Dataset rows = GradientData.Rows(rowCount, shape.FeatureCount, shape.ClassCount, seed: 5);
            LocalUpdate update = GradientData.Train(model, rows, GradientData.OneStep());
            double[] gradient = SlowNetwork.Gradient(shape, model.Parameters, rows);
            GradientData.AssertClose(gradient, [.. update.Delta.Select(d => -d)], 2e-6);
            Assert.Equal((rowCount, 1), (update.RowCount, update.StepCount));
            Assert.Equal(SlowNetwork.Loss(shape, model.Parameters, rows), update.Loss!.Value, 1e-6);
        }
    }
}
