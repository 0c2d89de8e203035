using System.Security.Cryptography;

namespace QuantumFed.Learning.Tests;

public sealed class ModelStateTests
{
    public static TheoryData<string> Shapes => ["logistic 3", "softmax 3 4", "mlp 3 5 2", "mlp 2 3 4 3", "opaque 2 7"];

    private static IEnumerable<ModelState> States(ModelShape shape)
    {
        Assert.True(Standardisation.TryCreate(
            [.. Enumerable.Range(0, shape.FeatureCount).Select(i => i - 0.5)], [.. Enumerable.Range(1, shape.FeatureCount).Select(i => i * 0.25)],
            out Standardisation? standardisation));
        double[] parameters = GradientData.Model(shape, seed: 6, NumberFormat.Binary64).Parameters.ToArray();
        foreach (NumberFormat format in Enum.GetValues<NumberFormat>())
            for (int memory = 0; memory <= ModelState.MaxMemory; memory++)
                foreach (Standardisation? with in new[] { null, standardisation })
                    yield return ModelState.Create(
                        shape, format, with, parameters, [.. Enumerable.Range(1, memory).Select(k => parameters.Select(x => k - x).ToArray())]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_state_survives_its_bytes(string text)
    {
        HashSet<string> encodings = [];
        foreach (ModelState state in States(GradientData.Shape(text)))
        {
            byte[] bytes = state.ToCanonicalBytes();
            Assert.True(encodings.Add(Convert.ToHexString(bytes)));
            Assert.True(ModelState.TryParse(bytes, out ModelState? read));
            Assert.Equal((state.Shape, state.Format, state.MemoryCount), (read.Shape, read.Format, read.MemoryCount));
            Assert.Equal(state.Parameters, read.Parameters);
            for (int i = 0; i < state.MemoryCount; i++) Assert.Equal(state.Memory(i), read.Memory(i));
            Assert.Equal(state.Standardisation is null, read.Standardisation is null);
            if (state.Standardisation is { } standardisation)
            {
                Assert.Equal(standardisation.Means, read.Standardisation!.Means);
                Assert.Equal(standardisation.Scales, read.Standardisation!.Scales);
            }

            Assert.Equal(bytes, read.ToCanonicalBytes());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_truncated_or_longer_encoding_is_refused(string text)
    {
        foreach (ModelState state in States(GradientData.Shape(text)))
        {
            byte[] bytes = state.ToCanonicalBytes();
            for (int length = 0; length < bytes.Length; length++) Assert.False(ModelState.TryParse(bytes.AsSpan(0, length), out _), $"{length} bytes");
            Assert.False(ModelState.TryParse([.. bytes, 0], out _));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_is_read_has_no_other_encoding(string text)
    {
        Random random = new(17);
        int refused = 0;
        foreach (ModelState state in States(GradientData.Shape(text)))
        {
            byte[] bytes = state.ToCanonicalBytes();
            for (int trial = 0; trial < 400; trial++)
            {
                byte[] mutated = [.. bytes];
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                    mutated[trial % 2 == 0 ? random.Next(Math.Min(28, mutated.Length)) : random.Next(mutated.Length)] = (byte)random.Next(256);
                if (ModelState.TryParse(mutated, out ModelState? read)) Assert.Equal(mutated, read.ToCanonicalBytes());
                else refused++;
            }
        }

        Assert.True(refused > 1000, $"only {refused} were refused");
    }

    [Fact]
    public void The_bytes_are_those_of_version_1()
    {
        Assert.True(Standardisation.TryCreate([1], [2], out Standardisation? standardisation));
        ModelState state = ModelState.Create(ModelShape.Mlp(1, [1], 2), NumberFormat.Binary32, standardisation, [1, -2, 0.5, 0, 3, -0.25], [[0, 0, 0, 0, 0, 1]]);
        Assert.Equal(
            "51464D53" + "0100" + "03" + "03" + "01000000" + "0200" + "01" + "01" + "01000000" + "06000000"
            + "000000000000F03F" + "0000000000000040"
            + "0000803F" + "000000C0" + "0000003F" + "00000000" + "00004040" + "000080BE"
            + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "0000803F",
            Convert.ToHexString(state.ToCanonicalBytes()));
        ModelState logistic = ModelState.From(LogisticModel.Create([1], -2));
        Assert.Equal(
            "51464D53" + "0100" + "01" + "00" + "01000000" + "0200" + "00" + "00" + "02000000" + "000000000000F03F" + "00000000000000C0",
            Convert.ToHexString(logistic.ToCanonicalBytes()));
    }

    [Fact]
    public void The_initial_model_has_the_same_bits_everywhere()
    {
        ModelState model = InitialModel.Create(ModelShape.Mlp(13, [32, 16], 3), NumberFormat.Binary32, 2, seed: 1);
        Assert.Equal("77E937F5E707E8DA7B4C530906E75060B689A9EE4613F0D94CF2390EF6AFC537", Convert.ToHexString(SHA256.HashData(model.ToCanonicalBytes())));
        Assert.NotEqual(model.Parameters.ToArray(), InitialModel.Create(model.Shape, NumberFormat.Binary32, 2, seed: 2).Parameters.ToArray());
    }

    [Fact]
    public void The_initial_model_has_Hes_variance_and_no_bias()
    {
        ModelState model = InitialModel.Create(ModelShape.Mlp(100, [80, 50], 2), NumberFormat.Binary32, 0, seed: 4);
        ReadOnlySpan<double> rest = model.Parameters;
        foreach ((int inputs, int outputs) in new[] { (100, 80), (80, 50), (50, 2) })
        {
            // The mean square of n normal numbers is off by more than 5 of its deviations, sqrt(2 / n), in 1 of a million draws; the seed is fixed.
            double meanSquare = rest[..(inputs * outputs)].ToArray().Average(x => x * x) * inputs / 2;
            Assert.InRange(meanSquare, 1 - 5 * Math.Sqrt(2.0 / (inputs * outputs)), 1 + 5 * Math.Sqrt(2.0 / (inputs * outputs)));
            Assert.All(rest.Slice(inputs * outputs, outputs).ToArray(), bias => Assert.Equal(0, bias));
            rest = rest[((inputs + 1) * outputs)..];
        }

        foreach (ModelShape shape in new[] { ModelShape.Logistic(4), ModelShape.Softmax(4, 3), ModelShape.Opaque(4, 2, 9) })
            Assert.All(InitialModel.Create(shape, NumberFormat.Binary32, 1, seed: 4).Parameters.ToArray(), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Numbers_are_rounded_to_the_format_and_finite()
    {
        ModelShape shape = ModelShape.Logistic(1);
        Assert.Equal([(double)0.1f, 1], ModelState.Create(shape, NumberFormat.Binary32, null, [0.1, 1]).Parameters);
        Assert.Equal([0.1, 1], ModelState.Create(shape, NumberFormat.Binary64, null, [0.1, 1]).Parameters);
        Assert.False(ModelState.TryCreate(shape, NumberFormat.Binary32, null, [1e39, 1], [], out _));
        Assert.True(ModelState.TryCreate(shape, NumberFormat.Binary64, null, [1e39, 1], [], out _));
        Assert.False(ModelState.TryCreate(shape, NumberFormat.Binary64, null, [double.NaN, 1], [], out _));
        Assert.False(ModelState.TryCreate(shape, NumberFormat.Binary64, null, [1], [], out _));
        Assert.False(ModelState.TryCreate(shape, NumberFormat.Binary64, null, [1, 1], [[1]], out _));
        Assert.False(ModelState.TryCreate(shape, NumberFormat.Binary64, null, [1, 1], [[1, 1], [1, 1], [1, 1]], out _));
        Assert.Throws<ArgumentException>(() => ModelState.Create(shape, NumberFormat.Binary32, null, [1, 2, 3]));
    }

    [Fact]
    public void Hostile_sizes_are_no_shape()
    {
        Assert.Throws<ArgumentException>(() => ModelShape.Logistic(0));
        Assert.Throws<ArgumentException>(() => ModelShape.Logistic(Dataset.MaxFeatureCount + 1));
        Assert.Throws<ArgumentException>(() => ModelShape.Softmax(1, 1));
        Assert.Throws<ArgumentException>(() => ModelShape.Softmax(1, Dataset.MaxClassCount + 1));
        Assert.Throws<ArgumentException>(() => ModelShape.Mlp(1, [], 2));
        Assert.Throws<ArgumentException>(() => ModelShape.Mlp(1, [1, 1, 1], 2));
        Assert.Throws<ArgumentException>(() => ModelShape.Mlp(1, [0], 2));
        Assert.Throws<ArgumentException>(() => ModelShape.Mlp(1, [ModelShape.MaxHiddenWidth + 1], 2));
        Assert.Throws<ArgumentException>(() => ModelShape.Mlp(1024, [4096, 4096], 2));
        Assert.Throws<ArgumentException>(() => ModelShape.Opaque(1, 2, 0));
        Assert.Throws<ArgumentException>(() => ModelShape.Opaque(1, 2, ModelShape.MaxParameterCount + 1));
        Assert.Equal(2 * 6 + 3 * 3, ModelShape.Mlp(5, [2], 3).ParameterCount);
    }
}
