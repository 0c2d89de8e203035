using System.Numerics;

namespace QuantumFed.Learning.Tests;

public sealed class FixedPointQuantizerTests
{
    private static readonly FixedPointQuantizer Quantizer = FixedPointQuantizer.Statistics;
    private static readonly double Largest = Math.BitDecrement(Math.ScaleB(1, 27)) - Math.ScaleB(1, -24);

    private static uint[] Quantize(params double[] values)
    {
        uint[] limbs = new uint[2 * values.Length];
        Assert.True(Quantizer.TryQuantize(values, limbs, out RangeViolation violation), violation.ToString());
        return limbs;
    }

    [Fact]
    public void Parameters_are_those_the_protocol_states()
    {
        Assert.Equal((26, 2, 24), (Quantizer.BitsPerLimb, Quantizer.Limbs, Quantizer.FractionBits));
        Assert.Equal(Math.ScaleB(1, 27), Quantizer.Bound);
        Assert.Equal(100_000, Quantizer.MaxParticipants);
    }

    [Fact]
    public void Limbs_are_golden()
    {
        const double step = 1.0 / (1 << 24);
        Assert.Equal([0u, 1u << 25], Quantize(0));
        Assert.Equal([1u << 24, 1u << 25], Quantize(1));
        Assert.Equal([(1u << 26) - (1u << 24), (1u << 25) - 1], Quantize(-1));
        // Halves go to the even neighbour.
        Assert.Equal(Quantize(0), Quantize(0.5 * step));
        Assert.Equal(Quantize(2 * step), Quantize(1.5 * step));
        Assert.Equal(Quantize(2 * step), Quantize(2.5 * step));
        Assert.Equal(Quantize(-2 * step), Quantize(-1.5 * step));
        Assert.Equal([(1u << 26) - 1, (1u << 26) - 1], Quantize(Math.ScaleB(1, 27) - step));
        Assert.Equal([1u, 0u], Quantize(step - Math.ScaleB(1, 27)));
    }

    [Theory]
    [InlineData(134217728.0)]
    [InlineData(-134217728.0)]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_out_of_range_is_refused_and_leaves_nothing(double value)
    {
        uint[] limbs = [7, 7, 7, 7, 7, 7];
        Assert.False(Quantizer.TryQuantize([1, value, 2], limbs, out RangeViolation violation));
        Assert.Equal((1, value, Quantizer.Bound), (violation.Index, violation.Value, violation.Bound));
        Assert.All(limbs, limb => Assert.Equal(0u, limb));
    }

    [Fact]
    public void A_value_that_rounds_up_to_the_bound_is_refused()
    {
        uint[] limbs = new uint[2];
        Assert.False(Quantizer.TryQuantize([Math.BitDecrement(Math.ScaleB(1, 27))], limbs, out _));
        Assert.True(Quantizer.TryQuantize([Largest], limbs, out _));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(17, 3)]
    [InlineData(1000, 4)]
    public void Sum_of_quantised_is_the_quantised_sum_within_half_a_step_a_member(int members, int seed)
    {
        Random random = new(seed);
        const int length = 64;
        ulong[] limbSums = new ulong[2 * length];
        decimal[] expected = new decimal[length];
        for (int m = 0; m < members; m++)
        {
            double[] values = [.. Enumerable.Range(0, length).Select(i => (random.NextDouble() - 0.5) * Math.ScaleB(1, i % 26))];
            uint[] limbs = Quantize(values);
            for (int i = 0; i < limbs.Length; i++)
            {
                Assert.True(limbs[i] < 1u << 26);
                limbSums[i] += limbs[i];
            }

            for (int i = 0; i < length; i++) expected[i] += (decimal)values[i];
        }

        double[] sums = new double[length];
        Quantizer.DequantizeSum(limbSums, members, sums);
        decimal bound = members * (decimal)Math.ScaleB(1, -25) * 1.0001m + 1e-9m * members;
        for (int i = 0; i < length; i++) Assert.True(Math.Abs((decimal)sums[i] - expected[i]) <= bound, $"seed {seed}, value {i}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(99_999)]
    [InlineData(100_000)]
    public void Dequantised_sums_are_the_nearest_doubles_to_the_integer_sums(int members)
    {
        Random random = new(members);
        ulong limit = (ulong)members * ((1UL << 26) - 1);
        for (int run = 0; run < 2000; run++)
        {
            ulong Draw() => run switch { 0 => 0, 1 => limit, _ => (ulong)random.NextInt64((long)limit + 1) };
            ulong low = Draw(), high = Draw();
            double[] sum = new double[1];
            Assert.True(Quantizer.TryDequantizeSum([low, high], members, sum));
            BigInteger exact = low + (new BigInteger(high) << 26) - (new BigInteger(members) << 51);
            Assert.Equal(NearestDouble(exact) / (1 << 24), sum[0]);
        }
    }

    [Fact]
    public void Sums_that_no_members_can_have_made_are_refused()
    {
        double[] sums = [1, 1];
        ulong limit = 3 * ((1UL << 26) - 1);
        Assert.True(Quantizer.TryDequantizeSum([limit, limit, 0, 0], 3, sums));
        Assert.False(Quantizer.TryDequantizeSum([0, 0, limit + 1, 0], 3, sums));
        Assert.Equal([0, 0], sums);
        Assert.False(Quantizer.TryDequantizeSum([0, 0, 0, ulong.MaxValue], 3, sums));
        Assert.Throws<ArgumentException>(() => Quantizer.DequantizeSum([limit + 1, 0, 0, 0], 3, sums));
        Assert.Throws<ArgumentException>(() => Quantizer.DequantizeSum([0, 0, 0], 3, sums));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.DequantizeSum([0, 0, 0, 0], 0, sums));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.DequantizeSum([0, 0, 0, 0], 100_001, sums));
        Assert.Throws<ArgumentException>(() => Quantizer.TryQuantize([1], new uint[3], out _));
    }

    /// <summary>Round half to even by integers alone.</summary>
    private static double NearestDouble(BigInteger value)
    {
        BigInteger magnitude = BigInteger.Abs(value);
        int excess = (int)magnitude.GetBitLength() - 53;
        if (excess <= 0) return (double)(long)value;
        BigInteger quotient = magnitude >> excess, remainder = magnitude - (quotient << excess), half = BigInteger.One << (excess - 1);
        if (remainder > half || (remainder == half && !quotient.IsEven)) quotient++;
        return value.Sign * Math.ScaleB((double)(long)quotient, excess);
    }
}
