using QuantumFed.Randomness;

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

    [Theory]
    [InlineData("logistic 4")]
    [InlineData("softmax 4 3")]
    [InlineData("mlp 3 5 4 2")]
    public void Decay_proximity_and_correction_enter_the_gradient_as_defined(string text)
    {
        const double Rate = 0.1, Decay = 0.3, Mu = 0.7;
        ModelShape shape = GradientData.Shape(text);
        ModelState model = GradientData.Model(shape, seed: 2);
        Dataset rows = GradientData.Rows(20, shape.FeatureCount, shape.ClassCount, seed: 3);
        double[] correction = [.. Enumerable.Range(0, shape.ParameterCount).Select(i => 0.05 * Math.Sin(i))];
        bool[] isWeight = SlowNetwork.IsWeight(shape);

        double[] x = model.Parameters.ToArray();
        for (int step = 0; step < 4; step++)
        {
            double[] gradient = SlowNetwork.Gradient(shape, x, rows);
            for (int i = 0; i < x.Length; i++)
                gradient[i] += (isWeight[i] ? Decay * x[i] : 0) + Mu * (x[i] - model.Parameters[i]) + correction[i];
            x = GradientData.Plus(x, gradient, -Rate);
        }

        LocalTraining settings = new(4, 1000, Rate, LocalOptimizer.Sgd, Decay, Mu);
        GradientData.AssertClose(GradientData.Plus(x, model.Parameters, -1), GradientData.Train(model, rows, settings, correction).Delta, 3e-6);
    }

    [Theory]
    [InlineData("logistic 4")]
    [InlineData("mlp 3 5 2")]
    public void Adam_is_algorithm_1_of_its_paper(string text)
    {
        const double Rate = 0.01, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
        ModelShape shape = GradientData.Shape(text);
        ModelState model = GradientData.Model(shape, seed: 8);
        Dataset rows = GradientData.Rows(30, shape.FeatureCount, shape.ClassCount, seed: 9);
        double[] x = model.Parameters.ToArray(), m = new double[x.Length], v = new double[x.Length];
        for (int t = 1; t <= 5; t++)
        {
            double[] g = SlowNetwork.Gradient(shape, x, rows);
            for (int i = 0; i < x.Length; i++)
            {
                m[i] = Beta1 * m[i] + (1 - Beta1) * g[i];
                v[i] = Beta2 * v[i] + (1 - Beta2) * g[i] * g[i];
                x[i] -= Rate * (m[i] / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, t))) + Epsilon);
            }
        }

        LocalUpdate update = GradientData.Train(model, rows, new LocalTraining(5, 1000, Rate, LocalOptimizer.Adam, 0, 0));
        GradientData.AssertClose(GradientData.Plus(x, model.Parameters, -1), update.Delta, 2e-5);
        Assert.Equal(5, update.StepCount);
    }

    [Fact]
    public void An_epoch_takes_every_row_once()
    {
        // Steps so small that all gradients are those of the start: 9 batches of 7 rows each add up to 9 times the mean.
        const double Rate = 1e-6;
        ModelState model = InitialModel.Create(ModelShape.Logistic(5), NumberFormat.Binary32, 0, seed: 0);
        Dataset rows = GradientData.Rows(63, 5, 2, seed: 4);
        LocalUpdate update = GradientData.Train(model, rows, new LocalTraining(2, 7, Rate, LocalOptimizer.Sgd, 0, 0));
        double[] gradient = SlowNetwork.Gradient(model.Shape, model.Parameters, rows);
        GradientData.AssertClose(gradient, [.. update.Delta.Select(d => -d / (Rate * 18))], 2e-5);
        Assert.Equal(18, update.StepCount);
        Assert.Equal(2, GradientData.Train(model, rows, new LocalTraining(1, 62, Rate, LocalOptimizer.Sgd, 0, 0)).StepCount);
    }

    [Fact]
    public void Full_batches_end_in_Newtons_optimum()
    {
        Dataset rows = TestData.Random(150, 5, seed: 21);
        const double Decay = 0.02;
        LogisticModel newton = LocalNewton.Fit(rows, l2: Decay * rows.RowCount).Model;
        ModelState start = InitialModel.Create(ModelShape.Logistic(5), NumberFormat.Binary32, 0, seed: 0);
        double[] found = GradientData.Train(start, rows, new LocalTraining(600, 150, 1, LocalOptimizer.Sgd, Decay, 0)).Delta;
        GradientData.AssertClose([.. newton.Weights, newton.Intercept], found, 1e-5);
    }

    [Fact]
    public void The_stream_decides_the_order_and_nothing_else_is_random()
    {
        ModelState model = GradientData.Model(ModelShape.Mlp(6, [20], 3), seed: 1);
        byte[] before = model.ToCanonicalBytes();
        Dataset rows = GradientData.Rows(90, 6, 3, seed: 2);
        LocalTraining settings = new(3, 16, 0.05, LocalOptimizer.Sgd, 0.01, 0.1);
        double[] once = GradientData.Train(model, rows, settings, seed: 1).Delta;
        Assert.Equal(once, GradientData.Train(model, rows, settings, seed: 1).Delta);
        Assert.NotEqual(once, GradientData.Train(model, rows, settings, seed: 2).Delta);
        Assert.Equal(before, model.ToCanonicalBytes());
    }

    [Fact]
    public void A_proximal_term_keeps_the_update_small()
    {
        ModelState model = GradientData.Model(ModelShape.Mlp(6, [20], 3), seed: 1);
        Dataset rows = GradientData.Rows(90, 6, 3, seed: 2);
        double[] norms = [.. new[] { 0.0, 0.5, 5.0 }.Select(mu =>
            GradientData.Train(model, rows, new LocalTraining(20, 16, 0.05, LocalOptimizer.Sgd, 0, mu)).Delta.Sum(d => d * d))];
        Assert.True(norms[0] > norms[1] && norms[1] > norms[2], string.Join(' ', norms));
    }

    [Theory]
    [InlineData("mlp 2 16 2", LocalOptimizer.Sgd)]
    [InlineData("mlp 2 16 8 2", LocalOptimizer.Adam)]
    public void A_perceptron_learns_what_no_plane_separates(string text, LocalOptimizer optimizer)
    {
        Random random = new(5);
        double[] values = [.. Enumerable.Range(0, 800).Select(_ => 2 * random.NextDouble() - 1)];
        byte[] labels = [.. Enumerable.Range(0, 400).Select(i => values[2 * i] * values[2 * i + 1] > 0 ? (byte)1 : (byte)0)];
        Dataset rows = Dataset.Create(["a", "b"], values, labels);
        LocalTraining settings = new(80, 16, optimizer == LocalOptimizer.Sgd ? 0.3 : 0.01, optimizer, 0, 0);
        using RandomStream stream = GradientData.Stream(1);
        double Accuracy(ModelShape shape)
        {
            ModelState start = InitialModel.Create(shape, NumberFormat.Binary32, 0, seed: 3);
            return Evaluation.Of(PooledTraining.Fit(start, rows, settings, 1, stream, TestContext.Current.CancellationToken), rows).Accuracy;
        }

        Assert.True(Accuracy(GradientData.Shape(text)) > 0.95);
        Assert.True(Accuracy(ModelShape.Logistic(2)) < 0.65);
    }

    [Fact]
    public void No_batch_allocates()
    {
        ModelState model = GradientData.Model(ModelShape.Mlp(10, [20, 20], 3), seed: 4);
        Dataset rows = GradientData.Rows(100, 10, 3, seed: 1);
        long AllocatedBy(int epochs, LocalOptimizer optimizer)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            GradientData.Train(model, rows, new LocalTraining(epochs, 8, 0.01, optimizer, 0.01, 0.1));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        foreach (LocalOptimizer optimizer in Enum.GetValues<LocalOptimizer>())
        {
            AllocatedBy(1, optimizer);
            // 39 epochs more are 507 batches more. A collection of another thread's meanwhile counts what is left of this one's buffer: then once more.
            long difference = long.MaxValue;
            for (int attempt = 0; attempt < 20 && Math.Abs(difference) > 500; attempt++)
                difference = AllocatedBy(40, optimizer) - AllocatedBy(1, optimizer);
            Assert.InRange(difference, -500, 500);
        }
    }

    [Fact]
    public void A_binary64_model_is_rounded_first()
    {
        ModelState model = GradientData.Model(ModelShape.Logistic(3), seed: 4, NumberFormat.Binary64);
        ModelState rounded = ModelState.Create(model.Shape, NumberFormat.Binary32, null, model.Parameters);
        Dataset rows = GradientData.Rows(10, 3, 2, seed: 1);
        Assert.Equal(GradientData.Train(rounded, rows, GradientData.OneStep()).Delta, GradientData.Train(model, rows, GradientData.OneStep()).Delta);
    }

    [Fact]
    public void Numbers_that_diverge_are_handed_back()
    {
        ModelState model = GradientData.Model(ModelShape.Mlp(3, [4], 2), seed: 4);
        Dataset rows = GradientData.Rows(30, 3, 2, seed: 1);
        LocalTraining settings = new(5, 8, 1e30, LocalOptimizer.Sgd, 0, 0);
        Assert.Contains(GradientData.Train(model, rows, settings).Delta, d => !double.IsFinite(d));
        using RandomStream stream = GradientData.Stream(1);
        Assert.Throws<TrainingDivergedException>(() => PooledTraining.Fit(model, rows, settings, 1, stream, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        ModelState model = GradientData.Model(ModelShape.Logistic(3), seed: 4);
        Dataset rows = GradientData.Rows(10, 3, 2, seed: 1);
        LocalTraining good = GradientData.OneStep();
        LocalTraining[] bad =
        [
            good with { Epochs = 0 }, good with { Epochs = 1001 }, good with { BatchSize = 0 }, good with { BatchSize = 65_537 },
            good with { LearningRate = 0 }, good with { LearningRate = -1 }, good with { LearningRate = double.NaN }, good with { LearningRate = 1e39 },
            good with { WeightDecay = -1 }, good with { WeightDecay = double.NaN }, good with { WeightDecay = double.PositiveInfinity },
            good with { Proximal = -1 }, good with { Proximal = double.NaN }, good with { Optimizer = (LocalOptimizer)9 },
        ];
        foreach (LocalTraining settings in bad) Assert.Throws<ArgumentException>(() => GradientData.Train(model, rows, settings));
        Assert.NotNull(GradientData.Train(model, rows, good));
    }

    [Fact]
    public void Rows_and_corrections_that_do_not_fit_are_refused()
    {
        ModelState model = GradientData.Model(ModelShape.Softmax(3, 3), seed: 4);
        Dataset rows = GradientData.Rows(10, 3, 3, seed: 1);
        LocalTraining sgd = GradientData.OneStep();
        Assert.Throws<ArgumentException>(() => GradientData.Train(GradientData.Model(ModelShape.Opaque(3, 3, 9), seed: 1), rows, sgd));
        Assert.Throws<ArgumentException>(() => GradientData.Train(model, rows.Select([]), sgd));
        Assert.Throws<ArgumentException>(() => GradientData.Train(model, GradientData.Rows(10, 4, 3, seed: 1), sgd));
        Assert.Throws<ArgumentException>(() => GradientData.Train(model, Dataset.Create(TestData.Names(3), [1, 2, 3], [3]), sgd));
        Assert.Throws<ArgumentException>(() => GradientData.Train(model, rows, sgd, correction: new double[11]));
        Assert.Throws<ArgumentException>(() => GradientData.Train(model, rows, sgd with { Optimizer = LocalOptimizer.Adam }, correction: new double[12]));
        Assert.NotNull(GradientData.Train(model, rows, sgd, correction: new double[12]));
    }

    [Fact]
    public void Whoever_gives_up_is_heard()
    {
        using RandomStream stream = GradientData.Stream(1);
        Assert.Throws<OperationCanceledException>(() => LocalTrainer.Train(
            GradientData.Model(ModelShape.Logistic(3), seed: 4), GradientData.Rows(10, 3, 2, seed: 1), GradientData.OneStep(), [], stream,
            new CancellationToken(canceled: true)));
    }
}
