using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Every degree and width of modulus a ring may have, on every path, with the extremes of the proved range.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class LargeDegreeTests
{
    private static readonly int[] s_degrees = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];

    /// <summary>Degree and bits: with 49, transforms beyond n = 2048 have a reduction for the largest primes; with 50 they all have; with 48 none.</summary>
    public static TheoryData<int, int> Rings
    {
        get
        {
            var rings = new TheoryData<int, int>();
            foreach (int degree in s_degrees)
            {
                foreach (int bits in (int[])[30, 48, 49, 50])
                    rings.Add(degree, bits);
            }
            return rings;
        }
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Values_never_leave_the_proved_range(int degree, int bits)
    {
        Modulus modulus = LargestPrime(degree, bits);
        NttTables tables = NttTables.Create(modulus, degree);
        int levels = BitOperations.Log2((uint)degree), first = levels % 3 == 0 ? 3 : levels % 3;
        Assert.InRange(LargestEntering(tables.ForwardReductions, modulus.Value, levels, first), 0, 1L << 52);
        Assert.InRange(LargestEntering(tables.InverseReductions, modulus.Value, levels, 3), 0, 1L << 52);
        if (bits <= 48 || (bits == 49 && degree <= 2048))
            Assert.Equal((0u, 0u), (tables.ForwardReductions, tables.InverseReductions));
        if (bits == 50)
            Assert.NotEqual((0u, 0u), (tables.ForwardReductions, tables.InverseReductions));
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Inverse_after_forward_is_the_identity_up_to_the_extremes(int degree, int bits)
    {
        Modulus modulus = LargestPrime(degree, bits);
        long q = (long)modulus.Value, half = q / 2;
        using RandomStream random = RandomStream.FromSeed([50], "test");
        long[] mixed = [.. Enumerable.Range(0, degree).Select(_ => random.NextInt32(2) == 0 ? q : -q)];
        foreach (long[] coefficients in (long[][])[[.. Enumerable.Repeat(q, degree)], [.. Enumerable.Repeat(-q, degree)], mixed, Worst(modulus, degree)])
        {
            double[]? first = null;
            foreach (KernelPath path in Paths.Supported)
            {
                NegacyclicRing ring = NegacyclicRing.Create(modulus, degree, path);
                double[] x = [.. coefficients.Select(c => (double)c)];
                ring.ForwardOnly(x);
                Assert.InRange(x.Max(Math.Abs), 0, 1L << 52);
                // The unreduced bits agree, too.
                first ??= [.. x];
                Assert.Equal(first, x);

                for (int i = 0; i < degree; i++)
                    x[i] = modulus.Centre((ulong)(((long)x[i] % q + q) % q));
                ring.InverseOnly(x);
                for (int i = 0; i < degree; i++)
                {
                    Assert.Equal(0, ((long)x[i] - coefficients[i]) % q);
                    Assert.InRange(Math.Abs(x[i]), 0, 0.625 * q);
                }
            }
        }
        foreach (KernelPath path in Paths.Supported)
        {
            NegacyclicRing ring = NegacyclicRing.Create(modulus, degree, path);
            double[] x = [.. Enumerable.Range(0, degree).Select(i => (double)(random.NextInt32(2) == 0 ? half + half / 2 : -half - half / 2))], values = [.. x];
            ring.InverseOnly(x);
            ring.ForwardOnly(x);
            for (int i = 0; i < degree; i++)
                Assert.Equal(0, ((long)x[i] - (long)values[i]) % q);
        }
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Product_with_a_sparse_factor_is_the_negacyclic_product(int degree, int bits)
    {
        const int Terms = 24;
        Modulus modulus = LargestPrime(degree, bits);
        Int128 q = modulus.Value;
        using RandomStream random = RandomStream.FromSeed([51], "test");
        long[] x = [.. Enumerable.Range(0, degree).Select(_ => modulus.Centre(random.NextUInt64() % modulus.Value))];
        int[] sparse = new int[degree];
        sparse[0] = 1;
        sparse[degree - 1] = -1;
        for (int i = 0; i < Terms; i++)
            sparse[random.NextInt32(degree)] = random.NextInt32(85) - 42;

        Int128[] wide = new Int128[degree];
        for (int j = 0; j < degree; j++)
        {
            for (int i = 0; i < degree && sparse[j] != 0; i++)
                wide[(i + j) % degree] += i + j < degree ? (Int128)x[i] * sparse[j] : -(Int128)x[i] * sparse[j];
        }
        ulong[] expected = [.. wide.Select(c => (ulong)((c % q + q) % q))];
        foreach (KernelPath path in Paths.Supported)
        {
            NegacyclicRing ring = NegacyclicRing.Create(modulus, degree, path);
            using TransformedElement factor = TransformedElement.Of(ring, sparse);
            ulong[] values = new ulong[degree], product = new ulong[degree];
            ring.Forward([.. x.Select(c => (double)c)], values);
            ring.MultiplyInverse([.. values.Select(v => (double)modulus.Centre(v))], factor, new double[degree], product);
            Assert.Equal(expected, product);
        }
    }

    [Theory]
    [InlineData(1024, 50)]
    [InlineData(4096, 49)]
    public void Products_distribute_over_sums(int degree, int bits)
    {
        Modulus modulus = LargestPrime(degree, bits);
        using RandomStream random = RandomStream.FromSeed([52], "test");
        ulong[] Draw() => [.. Enumerable.Range(0, degree).Select(_ => random.NextUInt64() % modulus.Value)];
        ulong[] x = Draw(), y = Draw(), sum = new ulong[degree];
        int[] z = [.. Enumerable.Range(0, degree).Select(_ => random.NextInt32(int.MaxValue) - int.MaxValue / 2)];
        foreach (KernelPath path in Paths.Supported)
        {
            NegacyclicRing ring = NegacyclicRing.Create(modulus, degree, path);
            using TransformedElement factor = TransformedElement.Of(ring, z);
            ulong[] Product(ulong[] a)
            {
                ulong[] values = new ulong[degree], product = new ulong[degree];
                ring.Forward([.. a.Select(c => (double)modulus.Centre(c))], values);
                ring.MultiplyInverse([.. values.Select(v => (double)modulus.Centre(v))], factor, new double[degree], product);
                return product;
            }
            ResidueDriver.Apply<AddMod>(path, x, y, sum, modulus.Value);
            ulong[] ofSum = Product(sum), ofX = Product(x), ofY = Product(y);
            ResidueDriver.Apply<AddMod>(path, ofX, ofY, ofX, modulus.Value);
            Assert.Equal(ofSum, ofX);
        }
    }

    /// <summary>The largest q with the given bits, q = 1 mod 2n.</summary>
    internal static Modulus LargestPrime(int degree, int bits)
    {
        ulong step = 2 * (ulong)degree;
        for (ulong q = ((1UL << bits) - 2) / step * step + 1; ; q -= step)
        {
            if (Modulus.TryCreate(q, out Modulus? modulus))
                return modulus;
        }
    }

    /// <summary>The bound on a value before each multiplication, followed level by level, with exact fractions in place of the tables' doubles.</summary>
    private static double LargestEntering(uint reductions, ulong q, int levels, int firstPass)
    {
        BigInteger scale = BigInteger.One << 64, bound = q * scale, largest = bound;
        for (int level = 0; level <= levels; level++)
        {
            largest = BigInteger.Max(largest, bound);
            bool passStarts = level == 0 || (level >= firstPass && (level - firstPass) % 3 == 0);
            Assert.True(passStarts || (reductions >> level & 1) == 0);
            if ((reductions >> level & 1) != 0)
                bound = q * scale / 2 + (bound * q >> 55);
            if (level < levels)
                bound += q * scale / 2 + (bound * q >> 55);
        }
        return (double)largest / (double)scale;
    }

    /// <summary>+-q/2 with the signs of the centred powers of psi: all terms of the polynomial's value at psi, unreduced, add up.</summary>
    private static long[] Worst(Modulus modulus, int degree)
    {
        ulong psi = modulus.PrimitiveRoot(2 * (ulong)degree), power = 1;
        long[] coefficients = new long[degree];
        for (int i = 0; i < degree; i++, power = modulus.Multiply(power, psi))
            coefficients[i] = modulus.Centre(power) >= 0 ? (long)modulus.Value / 2 : -(long)(modulus.Value / 2);
        return coefficients;
    }
}
