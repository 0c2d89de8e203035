using QuantumFed.Randomness;

namespace QuantumFed.Learning.Tests;

public sealed class UpdateCodecTests
{
    // With C = 2^15 - 1 the scale is 1, so that a whole number at full weight is its own encoding whatever is drawn.
    private const double Unit = 32_767;

    [Fact]
    public void Whole_numbers_are_golden()
    {
        Assert.Equal([32_771u, 32_764, 32_768, 10, 0], Encode(new UpdateCodec(3, [Unit], 10), [[3, -4, 0]], rows: 10).Values);
        // Half the weight, half the numbers; 0x11170 rows in two limbs.
        Assert.Equal([32_818u, 32_668, 0x1170, 1], Encode(new UpdateCodec(2, [Unit], 140_000), [[100, -200]], rows: 70_000).Values);
        Assert.Equal([32_769u, 32_770, 32_765, 32_764, 1, 0], Encode(new UpdateCodec(2, [Unit, Unit], 1), [[1, 2], [-3, -4]], rows: 1).Values);
    }

    [Fact]
    public void Roundings_are_right_in_the_mean()
    {
        const int runs = 4000;
        // Each rounding is one of two neighbours, so by Hoeffding's inequality a mean strays this far once in 10^9.
        double allowed = Math.Sqrt(Math.Log(2e9) / (2.0 * runs));
        double[] vector = [0.5, -0.5, 0.01, -0.99, 3.75, -3.75, 1e-3, 0];
        UpdateCodec codec = new(vector.Length, [Unit], 7);
        using RandomStream rounding = GradientData.Stream(1);
        double[] sums = new double[vector.Length], sent = new double[vector.Length];
        for (int run = 0; run < runs; run++)
        {
            Assert.True(codec.TryEncode([vector], 7, rounding, out EncodedUpdate? encoded));
            for (int j = 0; j < vector.Length; j++)
            {
                double k = encoded.Values[j] - 32_768.0;
                Assert.InRange(k, Math.Floor(vector[j]), Math.Floor(vector[j]) + 1);
                sums[j] += k;
                sent[j] += encoded.Sent[0][j];
            }
        }

        for (int j = 0; j < vector.Length; j++)
        {
            Assert.InRange(sums[j] / runs - vector[j], -allowed, allowed);
            Assert.InRange(sent[j] / runs - vector[j], -allowed, allowed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(257)]
    public void Nothing_leaves_its_bits_at_the_clip_norm_or_far_beyond_it(int length)
    {
        Random random = new(length);
        for (int run = 0; run < 300; run++)
        {
            double clip = Math.ScaleB(0.5 + random.NextDouble(), random.Next(-30, 31));
            UpdateCodec codec = new(length, [clip], 1 + random.Next(1000));
            double[] vector = new double[length];
            int place = random.Next(length);
            double sign = random.Next(2) * 2 - 1, beyond = run % 3 == 0 ? 1 : run % 3 == 1 ? 1 + random.NextDouble() : 1e100;
            vector[place] = sign * clip * beyond;
            EncodedUpdate encoded = Encode(codec, [vector], codec.WeightCap, seed: run);
            Assert.All(encoded.Values, value => Assert.InRange(value, 0u, 65_535u));
            // All of the norm in one number: the largest there is, or a rounding below.
            Assert.InRange(Math.Abs(encoded.Values[place] - 32_768.0), 32_766, 32_767);
            Assert.Equal(sign, Math.Sign(encoded.Values[place] - 32_768.0));
            Assert.InRange(Math.Abs(encoded.Sent[0][place]), clip * (1 - 1e-4), clip * (1 + 1e-12));
            Assert.Equal(Math.Abs(vector[place]), encoded.ClippedFrom[0], Math.Abs(vector[place]) * 1e-12);
        }
    }

    [Fact]
    public void At_exactly_the_clip_norm_nothing_is_clipped()
    {
        UpdateCodec codec = new(2, [Unit], 5);
        Assert.Equal([65_535u, 32_768, 5, 0], Encode(codec, [[Unit, 0]], 5).Values);
        Assert.Equal([32_768u, 1, 5, 0], Encode(codec, [[0, -Unit]], 5).Values);
        UpdateCodec five = new(2, [5], 5);
        EncodedUpdate whole = Encode(five, [[3, -4]], 5), twice = Encode(five, [[6, -8]], 5);
        Assert.Equal([5, 10], [whole.ClippedFrom[0], twice.ClippedFrom[0]]);
        GradientData.AssertClose([3, -4], whole.Sent[0], 5 / Unit);
        GradientData.AssertClose([3, -4], twice.Sent[0], 5 / Unit);
    }

    [Theory]
    [InlineData(1, 3, 16)]
    [InlineData(40, 5, 16)]
    [InlineData(300, 16, 16)]
    [InlineData(40, 5, 8)]
    [InlineData(40, 5, 24)]
    public void The_sum_decodes_to_the_weighted_mean_of_what_was_sent(int length, int members, int bits)
    {
        Random random = new(members + bits);
        UpdateCodec codec = new(length, [2, 30], 200, bits);
        ulong[] sums = new ulong[codec.ValueCount];
        double[][] expected = [new double[length], new double[length]], magnitude = [new double[length], new double[length]];
        double total = 0;
        for (int i = 0; i < members; i++)
        {
            double[][] vectors = [Draw(random, length, 1), Draw(random, length, 10)];
            long rows = random.Next(1, 400);
            EncodedUpdate encoded = Encode(codec, vectors, rows, seed: i);
            double weight = Math.Min(rows, 200);
            total += weight;
            for (int j = 0; j < sums.Length; j++) sums[j] += encoded.Values[j];
            for (int v = 0; v < 2; v++)
                for (int j = 0; j < length; j++)
                    (expected[v][j], magnitude[v][j]) = (expected[v][j] + weight * encoded.Sent[v][j], magnitude[v][j] + weight * Math.Abs(encoded.Sent[v][j]));
        }

        Assert.True(codec.TryDecode(sums, members, out AveragedUpdate? average));
        Assert.Equal((total, members, 2), (average.TotalWeight, average.Participants, average.Means.Count));
        for (int v = 0; v < 2; v++)
            for (int j = 0; j < length; j++)
                Assert.Equal(expected[v][j] / total, average.Means[v][j], 1e-12 * magnitude[v][j] / total);
    }

    [Fact]
    public void The_mean_is_that_of_the_vectors_to_the_resolution_of_each_member()
    {
        const int members = 4;
        Random random = new(8);
        UpdateCodec codec = new(50, [10], 100);
        ulong[] sums = new ulong[codec.ValueCount];
        double[] expected = new double[50];
        for (int i = 0; i < members; i++)
        {
            double[] vector = Draw(random, 50, 1);
            long rows = 20 * (i + 1);
            expected = GradientData.Plus(expected, vector, rows / 200.0);
            EncodedUpdate encoded = Encode(codec, [vector], rows, seed: i);
            for (int j = 0; j < sums.Length; j++) sums[j] += encoded.Values[j];
        }

        Assert.True(codec.TryDecode(sums, members, out AveragedUpdate? average));
        GradientData.AssertClose(expected, average.Means[0], members * (10 / Unit) * 100 / 200);
    }

    [Fact]
    public void Rows_beyond_the_cap_do_not_count()
    {
        UpdateCodec codec = new(2, [Unit], 50);
        uint[] atCap = Encode(codec, [[7, -7]], 50).Values;
        Assert.Equal(atCap, Encode(codec, [[7, -7]], 51).Values);
        Assert.Equal(atCap, Encode(codec, [[7, -7]], long.MaxValue).Values);
        Assert.NotEqual(atCap, Encode(codec, [[7, -7]], 49).Values);
    }

    [Fact]
    public void The_largest_cap_of_an_agreement_fits_and_sums_over_the_most_members()
    {
        UpdateCodec codec = new(1, [1], int.MaxValue);
        uint[] values = Encode(codec, [[1]], long.MaxValue).Values;
        Assert.Equal([65_535u, 65_535, 32_767], values);
        Assert.True(codec.TryDecode([.. values.Select(value => 100_000UL * value)], 100_000, out AveragedUpdate? average));
        Assert.Equal(100_000.0 * int.MaxValue, average.TotalWeight);
        Assert.Equal(1, average.Means[0][0], 1e-15);
        Assert.Equal((1L << 32) - 1, new UpdateCodec(1, [1], (1L << 32) - 1).WeightCap);
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(1, [1], 1L << 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(1, [1], 1 << 16, bits: 8));
    }

    [Fact]
    public void Nothing_is_sent_as_exactly_nothing()
    {
        UpdateCodec codec = new(1000, [3], 11);
        for (int run = 0; run < 20; run++)
        {
            EncodedUpdate encoded = Encode(codec, [new double[1000]], 1 + run % 11, seed: run);
            Assert.All(encoded.Values[..^2], value => Assert.Equal(32_768u, value));
            Assert.All(encoded.Sent[0], value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Sums_that_so_many_members_cannot_reach_are_refused()
    {
        UpdateCodec codec = new(1, [1], 100_000);
        Assert.True(codec.TryDecode([3 * 65_535, 3, 0], 3, out _));
        Assert.False(codec.TryDecode([3 * 65_535 + 1, 3, 0], 3, out _));
        Assert.False(codec.TryDecode([ulong.MaxValue, 3, 0], 3, out _));
        Assert.False(codec.TryDecode([0, 3 * 65_535 + 1, 0], 3, out _));
        Assert.False(codec.TryDecode([0, 3, ulong.MaxValue], 3, out _));
        // Every member has at least one row and at most the cap.
        Assert.False(codec.TryDecode([0, 2, 0], 3, out _));
        Assert.False(codec.TryDecode([0, 0, 0], 1, out _));
        const ulong most = 3 * 100_000;
        Assert.True(codec.TryDecode([0, most % 65_536, most / 65_536], 3, out AveragedUpdate? average));
        Assert.Equal(300_000, average.TotalWeight);
        Assert.False(codec.TryDecode([0, most % 65_536 + 1, most / 65_536], 3, out average));
        Assert.Null(average);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e200)] // its norm is beyond a double
    public void An_update_that_is_no_number_is_refused(double value)
    {
        using RandomStream rounding = GradientData.Stream(1);
        Assert.False(new UpdateCodec(3, [1], 5).TryEncode([[0, value, 0]], 5, rounding, out EncodedUpdate? encoded));
        Assert.Null(encoded);
        Assert.False(new UpdateCodec(1, [1, 1], 5).TryEncode([[0], [value]], 5, rounding, out _));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using RandomStream rounding = GradientData.Stream(1);
        UpdateCodec codec = new(2, [1], 5);
        Assert.Throws<ArgumentException>(() => codec.TryEncode([[1, 2, 3]], 5, rounding, out _));
        Assert.Throws<ArgumentException>(() => codec.TryEncode([[1, 2], [1, 2]], 5, rounding, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => codec.TryEncode([[1, 2]], 0, rounding, out _));
        Assert.Throws<ArgumentException>(() => codec.TryDecode([1, 2, 3], 3, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => codec.TryDecode([1, 2, 3, 4], 0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => codec.TryDecode([1, 2, 3, 4], 100_001, out _));
        Assert.Throws<ArgumentException>(() => new UpdateCodec(2, [], 5));
        Assert.Throws<ArgumentException>(() => new UpdateCodec(2, [1, 1, 1], 5));
        Assert.Throws<ArgumentException>(() => new UpdateCodec(2, [0], 5));
        Assert.Throws<ArgumentException>(() => new UpdateCodec(2, [double.NaN], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(0, [1], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(ModelShape.MaxParameterCount + 1, [1], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(2, [1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(2, [1], 5, bits: 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpdateCodec(2, [1], 5, bits: 25));
    }

    private static EncodedUpdate Encode(UpdateCodec codec, IReadOnlyList<double[]> vectors, long rows, int seed = 1)
    {
        using RandomStream rounding = GradientData.Stream(seed);
        Assert.True(codec.TryEncode(vectors, rows, rounding, out EncodedUpdate? encoded));
        Assert.Equal(codec.ValueCount, encoded.Values.Length);
        return encoded;
    }

    private static double[] Draw(Random random, int length, double scale) =>
        [.. Enumerable.Range(0, length).Select(_ => scale * (2 * random.NextDouble() - 1))];
}
