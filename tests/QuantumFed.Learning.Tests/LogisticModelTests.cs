namespace QuantumFed.Learning.Tests;

public sealed class LogisticModelTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(13, false)]
    [InlineData(13, true)]
    [InlineData(1024, true)]
    public void Parsing_canonical_bytes_gives_the_model_back(int features, bool standardised)
    {
        LogisticModel model = TestData.RandomModel(features, seed: features, standardised);
        byte[] bytes = ModelState.From(model).ToCanonicalBytes();
        Assert.True(ModelState.TryParse(bytes, out ModelState? state));
        Assert.Equal(bytes, state.ToCanonicalBytes());
        LogisticModel parsed = state.ToLogistic();
        Assert.Equal(model.Weights.ToArray(), parsed.Weights.ToArray());
        Assert.Equal(model.Intercept, parsed.Intercept);
        Assert.Equal(standardised, parsed.Standardisation is not null);
        if (parsed.Standardisation is { } s)
        {
            Assert.Equal(model.Standardisation!.Means.ToArray(), s.Means.ToArray());
            Assert.Equal(model.Standardisation.Scales.ToArray(), s.Scales.ToArray());
        }
    }

    [Fact]
    public void Bytes_are_golden()
    {
        Assert.Equal(
            "51464d53" + "0100" + "01" + "00" + "02000000" + "0200" + "00" + "00" + "03000000" + "000000000000f83f" + "00000000000000c0" + "000000000000e03f",
            Convert.ToHexStringLower(ModelState.From(LogisticModel.Create([1.5, -2], 0.5)).ToCanonicalBytes()));
        Assert.True(Standardisation.TryCreate([3], [0.25], out Standardisation? standardisation));
        Assert.Equal(
            "51464d53" + "0100" + "01" + "01" + "01000000" + "0200" + "00" + "00" + "02000000" + "0000000000000840" + "000000000000d03f"
            + "0000000000000000" + "0000000000000000",
            Convert.ToHexStringLower(ModelState.From(LogisticModel.Zero(1, standardisation)).ToCanonicalBytes()));
    }

    [Fact]
    public void Every_truncation_and_extension_is_refused()
    {
        byte[] bytes = ModelState.From(TestData.RandomModel(3, seed: 1, standardised: true)).ToCanonicalBytes();
        for (int length = 0; length < bytes.Length; length++) Assert.False(ModelState.TryParse(bytes.AsSpan(0, length), out _));
        Assert.False(ModelState.TryParse([.. bytes, 0], out _));
    }

    [Fact]
    public void Whatever_parses_has_these_bytes_and_no_others()
    {
        Random random = new(9);
        int parsed = 0;
        for (int run = 0; run < 20_000; run++)
        {
            byte[] bytes = ModelState.From(TestData.RandomModel(1 + run % 4, run, run % 2 == 0)).ToCanonicalBytes();
            for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!ModelState.TryParse(bytes, out ModelState? model)) continue;
            parsed++;
            Assert.Equal(bytes, model.ToCanonicalBytes());
            Assert.All(model.Parameters.ToArray(), w => Assert.True(double.IsFinite(w)));
        }

        Assert.InRange(parsed, 1000, 19_000);
    }

    [Fact]
    public void Numbers_that_are_none_are_refused()
    {
        byte[] bytes = ModelState.From(LogisticModel.Zero(1)).ToCanonicalBytes();
        BitConverter.GetBytes(double.NaN).CopyTo(bytes, 20);
        Assert.False(ModelState.TryParse(bytes, out _));
        Assert.Throws<ArgumentException>(() => LogisticModel.Create([double.NaN], 0));
        Assert.Throws<ArgumentException>(() => LogisticModel.Create([1], double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => LogisticModel.Create([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogisticModel.Zero(0));
        Assert.False(Standardisation.TryCreate([0], [0], out _));
        Assert.False(Standardisation.TryCreate([0], [-1], out _));
        Assert.False(Standardisation.TryCreate([0, 0], [1], out _));
    }

    [Fact]
    public void Probability_is_the_logistic_function_of_the_log_odds()
    {
        LogisticModel model = LogisticModel.Create([2, -1], 0.5);
        Assert.Equal(1 / (1 + Math.Exp(-(2 * 0.3 - 0.7 + 0.5))), model.Probability([0.3, 0.7]), 15);
        Assert.Equal(0.5, LogisticModel.Zero(2).Probability([1e300, -1e300]));
        LogisticModel steep = LogisticModel.Create([1000], 0);
        Assert.Equal(1, steep.Probability([1000]));
        Assert.Equal(0, steep.Probability([-1000]));
        Assert.Throws<ArgumentException>(() => model.Probability([1]));
    }
}
