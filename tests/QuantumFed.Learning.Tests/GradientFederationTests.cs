using QuantumFed.Randomness;

namespace QuantumFed.Learning.Tests;

public sealed class GradientFederationTests
{
    private static Dataset[] Members(ModelShape shape)
        => [.. new[] { 40, 7, 90 }.Select((rows, i) => GradientData.Rows(rows, shape.FeatureCount, shape.ClassCount, seed: 30 + i))];

    [Theory]
    [InlineData("logistic 6")]
    [InlineData("softmax 6 4")]
    [InlineData("mlp 6 12 3")]
    public void A_full_batch_step_of_FedAvg_is_a_step_on_the_pooled_rows(string text)
    {
        ModelShape shape = GradientData.Shape(text);
        Dataset[] members = Members(shape);
        LocalTraining settings = GradientData.OneStep(0.5) with { WeightDecay = 0.1 };
        ModelState start = InitialModel.Create(shape, NumberFormat.Binary32, 0, seed: 1), model = start;
        using RandomStream stream = GradientData.Stream(1);
        model = PooledTraining.Fit(model, Dataset.Concatenate(members), settings, 3, stream, TestContext.Current.CancellationToken);
        ModelState federated = new ClearGradientFederation(members, settings, ClearServerRule.FedAvg) { ClipNorm = 1e9 }.Train(shape, rounds: 3);
        GradientData.AssertClose(model.Parameters, federated.Parameters, 2e-6);
    }

    [Theory]
    [InlineData("logistic 6")]
    [InlineData("mlp 6 12 3")]
    public void Scaffolds_corrected_first_step_is_the_pooled_step_at_every_member(string text)
    {
        ModelShape shape = GradientData.Shape(text);
        Dataset[] members = Members(shape);
        Dataset pooled = Dataset.Concatenate(members);
        ModelState model = GradientData.Model(shape, seed: 7);
        double[][] controls = [.. members.Select(rows => SlowNetwork.Gradient(shape, model.Parameters, rows))];
        double[] server = SlowNetwork.Gradient(shape, model.Parameters, pooled);
        double[] pooledStep = GradientData.Train(model, pooled, GradientData.OneStep(0.3)).Delta;
        for (int i = 0; i < members.Length; i++)
        {
            double[] correction = GradientData.Plus(server, controls[i], -1);
            GradientData.AssertClose(pooledStep, GradientData.Train(model, members[i], GradientData.OneStep(0.3), correction).Delta, 1e-6);
        }
    }

    [Fact]
    public void Scaffolds_control_variate_becomes_the_mean_of_the_gradients_on_the_way()
    {
        // Option II: c_i+ = c_i - c + (x - y_i) / (K eta), whatever the corrections were.
        const double Rate = 0.2;
        const int Steps = 3;
        ModelShape shape = ModelShape.Logistic(4);
        Dataset rows = GradientData.Rows(25, 4, 2, seed: 3);
        ModelState model = GradientData.Model(shape, seed: 7);
        double[] server = [0.1, -0.2, 0.3, 0, 0.1], own = [0.2, 0.1, -0.1, 0.3, 0], correction = GradientData.Plus(server, own, -1);
        double[] x = model.Parameters.ToArray(), mean = new double[5];
        for (int k = 0; k < Steps; k++)
        {
            double[] gradient = SlowNetwork.Gradient(shape, x, rows);
            mean = GradientData.Plus(mean, gradient, 1.0 / Steps);
            x = GradientData.Plus(x, GradientData.Plus(gradient, correction), -Rate);
        }

        LocalUpdate update = GradientData.Train(model, rows, new LocalTraining(Steps, 100, Rate, LocalOptimizer.Sgd, 0, 0), correction);
        double[] change = ScaffoldControl.Change(server, update.Delta, update.StepCount, Rate);
        GradientData.AssertClose(mean, GradientData.Plus(own, change), 2e-6);
    }

    [Fact]
    public void A_change_of_a_control_variate_needs_steps_and_a_rate()
    {
        Assert.Equal([-1.5, -1.0], ScaffoldControl.Change([1, 2], [1, -2], 4, 0.5));
        Assert.Throws<ArgumentException>(() => ScaffoldControl.Change([1], [1, 2], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaffoldControl.Change([1], [1], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaffoldControl.Change([1], [1], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaffoldControl.Change([1], [1], 1, double.NaN));
    }

    [Fact]
    public void Scaffold_undoes_what_different_members_do_to_FedAvg()
    {
        // Many local steps on members with opposite rows: FedAvg ends off the pooled optimum, SCAFFOLD on it.
        Dataset all = TestData.Random(240, 3, seed: 5);
        int[] order = [.. Enumerable.Range(0, 240).OrderBy(i => all.Row(i)[0])];
        Dataset[] members = [.. order.Chunk(80).Select(rows => all.Select(rows))];
        LogisticModel best = LocalNewton.Fit(all, l2: 0.05 * 240).Model;
        LocalTraining settings = new(20, 80, 0.5, LocalOptimizer.Sgd, 0.05, 0);
        double DistanceOf(ClearServerRule rule)
        {
            ModelState model = new ClearGradientFederation(members, settings, rule).Train(ModelShape.Logistic(3), rounds: 60);
            return GradientData.Plus([.. best.Weights, best.Intercept], model.Parameters, -1).Max(Math.Abs);
        }

        double averaged = DistanceOf(ClearServerRule.FedAvg), corrected = DistanceOf(ClearServerRule.Scaffold);
        Assert.True(corrected < 1e-4 && averaged > 0.05, $"SCAFFOLD {corrected}, FedAvg {averaged}");
    }

    [Fact]
    public void Softmax_of_two_classes_is_logistic_regression_in_every_round()
    {
        Dataset[] members = [.. SyntheticReadmissionSource.Generate(3, seed: 9).Cohorts.Select(c => c.Standardise(null).Train)];
        Dataset rows = Dataset.Concatenate(members);
        double[][] ofKind = [.. new[] { ModelShape.Logistic(10), ModelShape.Softmax(10, 2) }.Select(shape =>
            ModelPredictor.Predict(
                new ClearGradientFederation(members, TrainingDefaults.For(shape.Kind), ClearServerRule.FedAvg).Train(shape, rounds: 4), rows).OfClass(1))];
        GradientData.AssertClose(ofKind[0], ofKind[1], 1e-5);
    }
}
