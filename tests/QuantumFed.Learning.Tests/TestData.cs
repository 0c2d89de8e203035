namespace QuantumFed.Learning.Tests;

/// <summary>Small random data sets from a printed seed, and lists of features.</summary>
internal static class TestData
{
    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"f{i}")];

    public static Dataset Random(int rows, int features, int seed)
    {
        Random random = new(seed);
        double[] values = new double[rows * features];
        byte[] labels = new byte[rows];
        for (int i = 0; i < values.Length; i++) values[i] = 4 * random.NextDouble() - 2;
        for (int i = 0; i < rows; i++)
            labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(-values[i * features] + 0.3)) ? (byte)1 : (byte)0;
        return Dataset.Create(Names(features), values, labels);
    }

    public static Dataset Table(string names, params (double[] Row, byte Label)[] rows)
        => Dataset.Create(names.Split(','), [.. rows.SelectMany(r => r.Row)], [.. rows.Select(r => r.Label)]);

    public static LogisticModel RandomModel(int features, int seed, bool standardised)
    {
        Random random = new(seed);
        double[] Draw(double from) => [.. Enumerable.Range(0, features).Select(_ => from + random.NextDouble())];
        Standardisation? standardisation = null;
        if (standardised) Assert.True(Standardisation.TryCreate(Draw(-0.5), Draw(0.5), out standardisation));
        return LogisticModel.Create(Draw(-0.5), random.NextDouble() - 0.5, standardisation);
    }
}
