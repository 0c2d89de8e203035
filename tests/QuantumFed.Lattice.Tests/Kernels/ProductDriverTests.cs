using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class ProductDriverTests
{
    /// <summary>The product's modulus and the largest of 30, 48 and 50 bits with a root of order 128.</summary>
    public static TheoryData<ulong> Moduli =>
        [Modulus.LargestBelow2To49, .. new[] { 30, 48, 50 }.Select(bits => LargeDegreeTests.LargestPrime(64, bits).Value)];

    [Theory]
    [MemberData(nameof(Moduli))]
    public void Products_and_their_sums_equal_the_exact_ones_for_every_length_and_edge(ulong q)
    {
        using RandomStream random = RandomStream.FromSeed([60], "test");
        for (int length = 0; length <= 130; length++)
        {
            double[] x = Integers(random, length, (long)q, q), w = Integers(random, length, (long)(q / 2), q), v = [.. w.Select(c => c / q)];
            double[] old = Integers(random, length, (1L << 52) - (long)q, q);
            double[]? firstProduct = null, firstSum = null;
            foreach (KernelPath path in Paths.Supported)
            {
                double[] product = [.. old], sum = [.. old];
                ProductDriver.Apply<Product>(path, x, w, v, product, q);
                ProductDriver.Apply<ProductSum>(path, x, w, v, sum, q);
                ulong[] residues = new ulong[length];
                ProductDriver.Reduce(path, sum, residues, q);
                for (int i = 0; i < length; i++)
                {
                    BigInteger exact = (BigInteger)x[i] * (BigInteger)w[i];
                    Assert.Equal(BigInteger.Zero, (exact - (BigInteger)product[i]) % q);
                    Assert.InRange(Math.Abs(product[i]), 0, (0.5 + q / (double)(1L << 55)) * q);
                    BigInteger exactSum = (exact + (BigInteger)old[i]) % q;
                    Assert.Equal(old[i] + product[i], sum[i]);
                    Assert.Equal((ulong)(exactSum.Sign < 0 ? exactSum + q : exactSum), residues[i]);
                }
                firstProduct ??= product;
                firstSum ??= sum;
                Assert.Equal(firstProduct, product);
                Assert.Equal(firstSum, sum);
                double[] inPlace = [.. x];
                ProductDriver.Apply<Product>(path, inPlace, w, v, inPlace, q);
                Assert.Equal(product, inPlace);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Moduli))]
    public void As_many_products_as_are_said_may_be_added_before_a_reduction(ulong q)
    {
        var modulus = Modulus.Create(q);
        Assert.True(modulus.LazyProducts * Math.Ceiling((0.5 + q / (double)(1L << 55)) * q) <= 1L << 52);
        int terms = Math.Min(modulus.LazyProducts, 1000);
        long half = (long)(q / 2);
        // Of many random products the one that grows the sum most, over and over.
        using RandomStream random = RandomStream.FromSeed([61], "test");
        double[] x = Integers(random, 4096, (long)q, q), w = Integers(random, 4096, half, q), v = [.. w.Select(c => c / q)], product = new double[4096];
        ProductDriver.Apply<Product>(KernelPath.Scalar, x, w, v, product, q);
        int worst = Array.IndexOf(product, product.Max());
        foreach (KernelPath path in Paths.Supported)
        {
            double[] sum = new double[11];
            for (int term = 0; term < terms; term++)
                ProductDriver.Apply<ProductSum>(path, Repeat(x[worst]), Repeat(w[worst]), Repeat(v[worst]), sum, q);
            Assert.All(sum, s => Assert.InRange(s, 0.49 * q * terms, 1L << 52));
            ulong[] residues = new ulong[11];
            ProductDriver.Reduce(path, sum, residues, q);
            BigInteger exact = (BigInteger)x[worst] * (BigInteger)w[worst] * terms % q;
            Assert.All(residues, r => Assert.Equal((ulong)(exact.Sign < 0 ? exact + q : exact), r));
        }
        static double[] Repeat(double value) => [.. Enumerable.Repeat(value, 11)];
    }

    [Fact]
    public void Lazy_products_are_15_for_49_bits_and_7_for_50()
    {
        Assert.Equal(15, Modulus.Create(Modulus.LargestBelow2To49).LazyProducts);
        Assert.Equal(7, LargeDegreeTests.LargestPrime(64, 50).LazyProducts);
    }

    [Fact]
    public void Spans_of_different_lengths_are_refused()
    {
        double[] three = new double[3], four = new double[4];
        Assert.Throws<ArgumentException>(() => ProductDriver.Apply<Product>(KernelPath.Scalar, three, three, three, four, 17));
        Assert.Throws<ArgumentException>(() => ProductDriver.Apply<Product>(KernelPath.Scalar, four, three, four, four, 17));
        Assert.Throws<ArgumentException>(() => ProductDriver.Reduce(KernelPath.Scalar, three, new ulong[4], 17));
    }

    /// <summary>Integers in [-limit, limit], edges among them.</summary>
    private static double[] Integers(RandomStream random, int length, long limit, ulong q)
    {
        long[] edges = [0, 1, -1, limit, -limit, limit - 1, Math.Min(limit, (long)(q / 2)), -Math.Min(limit, (long)(q / 2))];
        return
        [
            .. Enumerable.Range(0, length).Select(_ =>
                (double)(random.NextInt32(3) == 0 ? edges[random.NextInt32(edges.Length)] : (long)(random.NextUInt64() % (2 * (ulong)limit + 1)) - limit)),
        ];
    }
}
