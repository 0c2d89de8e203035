using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class FixedPointKernelTests
{
    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(16, 0.37)]
    [InlineData(24, 12.5)]
    [InlineData(32, 1e-3)]
    public void Every_width_rounds_by_the_formula(int bits, double clipNorm)
    {
        FixedPointScale scale = Scale(bits, clipNorm, 0.9);
        using RandomStream random = RandomStream.FromSeed([6], "test");
        float[] edges = [0, -0f, (float)clipNorm, -(float)clipNorm, float.MaxValue, float.MinValue, float.Epsilon, (float)scale.Encoding.Unit, 1e-30f];
        for (int length = 0; length <= 130; length++)
        {
            float[] x = [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? edges[i / 3 % edges.Length] : (float)((2 * random.NextDouble() - 1) * clipNorm))];
            byte[] dither = new byte[2 * length];
            random.Fill(dither);
            uint[] expected = [.. x.Select((value, i) => Expected(scale, value, BinaryPrimitives.ReadUInt16LittleEndian(dither.AsSpan(2 * i))))];
            foreach (KernelPath path in Paths.Supported)
            {
                uint[] values = new uint[length];
                FixedPointKernel.Quantise(path, scale, x, dither, values);
                Assert.Equal(expected, values);
            }
        }
    }

    [Fact]
    public void The_mean_over_all_roundings_is_the_number_to_within_2_to_minus_17_units()
    {
        FixedPointScale scale = Scale(16, 1, 1);
        byte[] dither = new byte[2 * 65_536];
        for (int i = 0; i < 65_536; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(dither.AsSpan(2 * i), (ushort)i);
        foreach (float number in (float[])[0, 1, -1, 0.1f, -0.1f, 1e-6f, 0.999999f, -0.73f, 3.0518509e-5f])
        {
            uint[] values = new uint[65_536];
            FixedPointKernel.Quantise(KernelPaths.Widest, scale, [.. Enumerable.Repeat(number, 65_536)], dither, values);
            double mean = values.Average(value => value - (double)scale.Encoding.Zero), exact = number / scale.Encoding.Unit;
            Assert.InRange(mean - exact, -Math.ScaleB(1, -17), Math.ScaleB(1, -17));
            Assert.True(values.Max() - values.Min() <= 1);
        }
    }

    [Fact]
    public void What_is_not_finite_gives_integers_in_range_on_every_width()
    {
        FixedPointScale scale = Scale(16, 1, 1);
        float[] x = [.. Enumerable.Repeat<float[]>([float.NaN, float.PositiveInfinity, float.NegativeInfinity], 9).SelectMany(three => three)];
        byte[] dither = [.. Enumerable.Repeat((byte)0xFF, 2 * x.Length)];
        uint[] scalar = new uint[x.Length];
        FixedPointKernel.Quantise(KernelPath.Scalar, scale, x, dither, scalar);
        Assert.All(scalar, value => Assert.InRange(value, 0u, 65_535u));
        foreach (KernelPath path in Paths.Supported)
        {
            uint[] values = new uint[x.Length];
            FixedPointKernel.Quantise(path, scale, x, dither, values);
            Assert.Equal(scalar, values);
        }
    }

    [Fact]
    public void Sums_turn_back_into_numbers_on_every_width_alike()
    {
        using RandomStream random = RandomStream.FromSeed([7], "test");
        for (int length = 0; length <= 130; length++)
        {
            ulong[] sums = [.. Enumerable.Range(0, length).Select(i => i == 0 ? (1UL << 49) - 1 : random.NextUInt64() >> 15)];
            foreach (KernelPath path in Paths.Supported)
            {
                float[] values = new float[length];
                FixedPointKernel.Dequantise(path, sums, 327_680, 1.0 / 3, values);
                Assert.Equal(sums.Select(sum => (float)((sum - 327_680.0) * (1.0 / 3))), values);
            }
        }
    }

    // In decimal arithmetic the nearest integer to 2^16 X, ties to even; X itself is rounded once, in double precision.
    private static uint Expected(FixedPointScale scale, float number, ushort dither)
    {
        double held = Math.Clamp((double)number * scale.Factor, -scale.Encoding.LargestMagnitude, scale.Encoding.LargestMagnitude);
        long nearest = (long)Math.Round((decimal)Math.ScaleB(held, 16), MidpointRounding.ToEven);
        return (uint)(scale.Encoding.Zero + ((nearest + dither) >> 16));
    }

    private static FixedPointScale Scale(int bits, double clipNorm, double weight)
    {
        Assert.True(FixedPointEncoding.Create(bits, clipNorm).TryScale(clipNorm / 2, weight, out FixedPointScale? scale));
        return scale;
    }
}
