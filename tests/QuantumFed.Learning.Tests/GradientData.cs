using QuantumFed.Randomness;

namespace QuantumFed.Learning.Tests;

/// <summary>Models, rows and settings for the laws of gradient training.</summary>
internal static class GradientData
{
    /// <summary>Shapes around the widths of tiles and panels: 1 to 35 features, 1 to 40 outputs.</summary>
    public static TheoryData<string> Shapes => ["logistic 1", "logistic 13", "logistic 35", "softmax 5 2", "softmax 7 3", "softmax 3 32",
        "mlp 4 1 2", "mlp 5 17 3", "mlp 13 40 2", "mlp 6 9 33 4", "mlp 1 16 16 2"];

    public static ModelShape Shape(string text)
    {
        string[] words = text.Split(' ');
        int[] sizes = [.. words.Skip(1).Select(int.Parse)];
        return words[0] switch
        {
            "logistic" => ModelShape.Logistic(sizes[0]),
            "softmax" => ModelShape.Softmax(sizes[0], sizes[1]),
            "mlp" => ModelShape.Mlp(sizes[0], sizes[1..^1], sizes[^1]),
            _ => ModelShape.Opaque(sizes[0], 2, sizes[1]),
        };
    }

    /// <summary>A model of random numbers, biases included.</summary>
    public static ModelState Model(ModelShape shape, int seed, NumberFormat format = NumberFormat.Binary32)
    {
        Random random = new(seed);
        double[] parameters = new double[shape.ParameterCount];
        for (int i = 0; i < parameters.Length; i++) parameters[i] = (2 * random.NextDouble() - 1) / Math.Sqrt(shape.FeatureCount);
        return ModelState.Create(shape, format, null, parameters);
    }

    /// <summary>Rows whose label depends on the first feature, of as many classes as named.</summary>
    public static Dataset Rows(int rows, int features, int classes, int seed)
    {
        Random random = new(seed);
        double[] values = new double[rows * features];
        byte[] labels = new byte[rows];
        for (int i = 0; i < values.Length; i++) values[i] = 4 * random.NextDouble() - 2;
        for (int i = 0; i < rows; i++)
            labels[i] = (byte)Math.Clamp((int)((values[i * features] + 2 + random.NextDouble() - 0.5) * classes / 4), 0, classes - 1);
        return Dataset.Create(TestData.Names(features), values, labels);
    }

    public static RandomStream Stream(int seed) => RandomStream.FromSeed([(byte)seed], "QuantumFed.Tests.Shuffling");

    /// <summary>One step of gradient descent on all rows at once.</summary>
    public static LocalTraining OneStep(double rate = 1) => new(1, 65_536, rate, LocalOptimizer.Sgd, 0, 0);

    public static LocalUpdate Train(ModelState model, Dataset rows, LocalTraining settings, double[]? correction = null, int seed = 1)
    {
        using RandomStream stream = Stream(seed);
        return LocalTrainer.Train(model, rows, settings, correction, stream, TestContext.Current.CancellationToken);
    }

    public static double[] Plus(ReadOnlySpan<double> numbers, ReadOnlySpan<double> other, double factor = 1)
    {
        double[] sum = numbers.ToArray();
        for (int i = 0; i < sum.Length; i++) sum[i] += factor * other[i];
        return sum;
    }

    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"number {i}: {expected[i]:R} and {actual[i]:R}");
    }
}
