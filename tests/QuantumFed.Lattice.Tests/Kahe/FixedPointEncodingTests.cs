namespace QuantumFed.Lattice.Tests;

public sealed class FixedPointEncodingTests
{
    [Fact]
    public void A_longer_vector_is_clipped_to_the_norm_and_a_shorter_one_left()
    {
        FixedPointEncoding encoding = FixedPointEncoding.Create(16, 2);
        Assert.True(encoding.TryScale(8, 1, out FixedPointScale? longer));
        Assert.True(encoding.TryScale(1.5, 0.5, out FixedPointScale? shorter));
        Assert.Equal(32_767, longer.Factor * 8, 1e-9);
        Assert.Equal(32_767 / 4.0, shorter.Factor, 1e-9);
        Assert.Equal(2.0 / 32_767, encoding.Unit, 1e-15);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_norm_that_is_not_finite_gives_no_scale(double norm) =>
        Assert.False(FixedPointEncoding.Create(16, 1).TryScale(norm, 1, out _));

    [Fact]
    public void Numbers_out_of_range_are_the_callers_mistake()
    {
        foreach ((int bits, double clip) in ((int, double)[])[(1, 1), (33, 1), (16, 0), (16, -1), (16, double.NaN), (16, double.PositiveInfinity), (16, 1e-305), (16, double.Epsilon)])
            Assert.Throws<ArgumentOutOfRangeException>(() => FixedPointEncoding.Create(bits, clip));
        foreach (double weight in (double[])[0, -0.1, 1.1, double.NaN])
            Assert.Throws<ArgumentOutOfRangeException>(() => FixedPointEncoding.Create(16, 1).TryScale(1, weight, out _));
    }

    [Fact]
    public void The_norm_of_pieces_is_the_norm_of_the_whole()
    {
        float[] numbers = [.. Enumerable.Range(0, 1000).Select(i => i % 7 - 3.5f)];
        var whole = new L2Norm();
        whole.Add(numbers);
        Assert.Equal(Math.Sqrt(numbers.Sum(x => (double)x * x)), whole.Value, 1e-9);
        for (int piece = 1; piece < 50; piece++)
        {
            var norm = new L2Norm();
            for (int i = 0; i < numbers.Length; i += piece)
                norm.Add(numbers.AsSpan(i, Math.Min(piece, numbers.Length - i)));
            Assert.Equal(whole.Value, norm.Value);
        }
        numbers[123] = float.NaN;
        whole.Add(numbers);
        Assert.False(double.IsFinite(whole.Value));
        var large = new L2Norm();
        large.Add([float.MaxValue, float.MaxValue]);
        Assert.True(double.IsFinite(large.Value));
    }
}
