using System.Globalization;

namespace QuantumFed.Trainers.Tests;

/// <summary>The example of network/examples/trainer, against the same training written down here once more.</summary>
public sealed class PythonTrainerTests : IDisposable
{
    private const int Rows = 60;

    private static readonly double[] Start = [0.25, -0.5, 0.125];

    private readonly TrainerBench _bench = new();
    private readonly double[][] _rows;
    private readonly int[] _labels;
    private readonly string _data;

    public PythonTrainerTests()
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))),
            "There is no python3 (Debian: apt-get install python3-minimal).");
        Random random = new(20261121);
        _rows = [.. Enumerable.Range(0, Rows).Select(_ => new[] { 40 + (30 * random.NextDouble()), 5 * random.NextDouble() })];
        _labels = [.. _rows.Select(row => row[0] - 55 + (20 * (random.NextDouble() - 0.5)) > 0 ? 1 : 0)];
        _data = Path.Combine(_bench.Folder, "train.csv");
        File.WriteAllLines(_data, _rows.Zip(_labels, (row, label) => string.Create(CultureInfo.InvariantCulture, $"{row[0]:R},{row[1]:R},{label}")).Prepend("age,marker,label"));
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 25)]
    public async Task Its_update_is_the_one_computed_here(bool given, int epochs)
    {
        double[] means = [50, 2], scales = [8, 1.5];
        TrainerRequest request = Request(epochs, batchSize: 0, rate: 0.3) with { Means = given ? means : null, Scales = given ? scales : null };
        await using TrainerProgram program = Example();
        TrainerUpdate update = await program.TrainAsync(request, TestContext.Current.CancellationToken);

        if (!given)
            (means, scales) = OwnStandardisation();
        double[] weights = FullBatch(means, scales, epochs, rate: 0.3, decay: 0.01, proximal: 0.2);
        Assert.Equal(Rows, update.RowCount);
        for (int j = 0; j < weights.Length; j++)
            Assert.Equal(weights[j] - Start[j], update.Delta[j], 1e-6);
        Assert.True(update.Metrics["loss"] < update.Metrics["lossBefore"]);
        Assert.Contains(_bench.Lines, line => line.StartsWith("round 3: 60 rows, loss ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_request_gives_the_same_update_and_another_seed_another()
    {
        TrainerRequest request = Request(epochs: 3, batchSize: 8, rate: 0.1);
        await using TrainerProgram program = Example();
        float[] first = (await program.TrainAsync(request, TestContext.Current.CancellationToken)).Delta;
        Assert.Equal(first, (await program.TrainAsync(request, TestContext.Current.CancellationToken)).Delta);
        Assert.NotEqual(first, (await program.TrainAsync(request with { Seed = 8 }, TestContext.Current.CancellationToken)).Delta);
    }

    [Fact]
    public async Task Its_errors_are_shown_and_it_goes_on()
    {
        TrainerRequest good = Request(epochs: 1, batchSize: 0, rate: 0.3);
        await using TrainerProgram program = Example();
        Assert.EndsWith("train.csv has no column 'x0'", await TrainerBench.FailureAsync(program, TrainerBench.Request(2, _data)), StringComparison.Ordinal);
        TrainerRequest softmax = good with { Model = TrainerModel.Softmax(good.Model.Features, 3), Parameters = new float[9] };
        Assert.EndsWith("knows the model kind 'logistic', not 'softmax'", await TrainerBench.FailureAsync(program, softmax), StringComparison.Ordinal);
        Assert.Contains("FileNotFoundError", await TrainerBench.FailureAsync(program, good with { TrainingData = _data + "x" }), StringComparison.Ordinal);
        Assert.Equal(Rows, (await program.TrainAsync(good, TestContext.Current.CancellationToken)).RowCount);
    }

    [Fact]
    public async Task A_diverged_training_is_an_error()
    {
        await using TrainerProgram program = Example();
        string message = await TrainerBench.FailureAsync(program, Request(epochs: 400, batchSize: 0, rate: 1e6));
        Assert.True(message.Contains("diverged", StringComparison.Ordinal) || message.Contains("reported an error", StringComparison.Ordinal), message);
    }

    private TrainerProgram Example() => _bench.Program(["python3", Path.Combine(TrainerBench.RepositoryRoot(), "network/examples/trainer/logistic_sgd.py")]);

    private TrainerRequest Request(int epochs, int batchSize, double rate) => new()
    {
        Round = 3,
        Step = 1,
        Seed = 7,
        Model = TrainerModel.Logistic(["age", "marker"]),
        Parameters = Start.Select(value => (float)value).ToArray(),
        TrainingData = _data,
        Settings = new Dictionary<string, double>
        {
            ["epochs"] = epochs,
            ["batchSize"] = batchSize,
            ["learningRate"] = rate,
            ["weightDecay"] = 0.01,
            ["proximal"] = 0.2,
        },
    };

    private (double[] Means, double[] Scales) OwnStandardisation()
    {
        double[] means = [_rows.Average(row => row[0]), _rows.Average(row => row[1])];
        double[] scales = [.. means.Select((mean, j) => Math.Sqrt(_rows.Sum(row => (row[j] - mean) * (row[j] - mean)) / (Rows - 1)) + 1e-9)];
        return (means, scales);
    }

    // Gradient descent on the mean loss, L2 on the weights, and the proximal term on all three.
    private double[] FullBatch(double[] means, double[] scales, int epochs, double rate, double decay, double proximal)
    {
        double[] w = [.. Start];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            double[] gradient = new double[3];
            for (int i = 0; i < Rows; i++)
            {
                double a = (_rows[i][0] - means[0]) / scales[0], b = (_rows[i][1] - means[1]) / scales[1];
                double residual = (1 / (1 + Math.Exp(-((w[0] * a) + (w[1] * b) + w[2])))) - _labels[i];
                gradient[0] += residual * a / Rows;
                gradient[1] += residual * b / Rows;
                gradient[2] += residual / Rows;
            }
            double[] next = new double[3];
            for (int j = 0; j < 3; j++)
                next[j] = w[j] - (rate * (gradient[j] + (j < 2 ? decay * w[j] : 0) + (proximal * (w[j] - Start[j]))));
            w = next;
        }
        return w;
    }
}
