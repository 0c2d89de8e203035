using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class NttTests
{
    private static readonly Modulus s_modulus = Modulus.Create(Modulus.LargestBelow2To49);

    public static TheoryData<int> Degrees => [64, 128, 256, 512, 1024, 2048];

    [Fact]
    public void The_modulus_is_the_largest_suitable_prime_below_2_to_49()
    {
        Assert.Equal((1UL << 49) - 28671, s_modulus.Value);
        Assert.Equal(49, s_modulus.Bits);
        Assert.Equal(1UL, s_modulus.Value % 4096);
        for (ulong larger = s_modulus.Value + 4096; larger < 1UL << 49; larger += 4096)
            Assert.Throws<ArgumentOutOfRangeException>(() => Modulus.Create(larger));
        // A proof of primality (Lucas): q - 1 = 2^12 * 5 * 11 * 2498890063, the last prime by trial division, and 6 has order q - 1.
        Assert.Equal(4096UL * 5 * 11 * 2_498_890_063, s_modulus.Value - 1);
        for (ulong d = 2; d * d <= 2_498_890_063; d++)
            Assert.NotEqual(0UL, 2_498_890_063 % d);
        Assert.Equal(1UL, s_modulus.Power(6, s_modulus.Value - 1));
        foreach (ulong factor in (ulong[])[2, 5, 11, 2_498_890_063])
            Assert.NotEqual(1UL, s_modulus.Power(6, (s_modulus.Value - 1) / factor));
    }

    [Fact]
    public void The_root_is_a_primitive_4096th_root_of_unity()
    {
        ulong psi = s_modulus.PrimitiveRoot(4096);
        Assert.Equal(s_modulus.Value - 1, s_modulus.Power(psi, 2048));
        Assert.Equal(1UL, s_modulus.Power(psi, 4096));
    }

    [Fact]
    public void Residues_centre_and_return()
    {
        ulong q = s_modulus.Value;
        foreach ((ulong residue, long centred) in ((ulong, long)[])[(0, 0), (1, 1), (q / 2, (long)(q / 2)), (q / 2 + 1, -(long)(q / 2)), (q - 1, -1)])
        {
            Assert.Equal(centred, s_modulus.Centre(residue));
            Assert.Equal(residue, s_modulus.ToResidue(centred));
        }
    }

    [Fact]
    public void Tables_beyond_the_proved_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NttTables.Create(s_modulus, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => NttTables.Create(s_modulus, 96));
        Assert.Throws<ArgumentOutOfRangeException>(() => NttTables.Create(s_modulus, 4096));
        Assert.Throws<ArgumentOutOfRangeException>(() => Modulus.Create((1UL << 51) - 129));
        Assert.True(NttTables.InputBoundOfLastMultiplication(s_modulus.Value, 11) < 7.2 * s_modulus.Value);
        Assert.True(NttTables.InputBoundOfLastMultiplication(s_modulus.Value, 14) > 1L << 52);
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Forward_evaluates_at_the_odd_powers_of_psi(int degree)
    {
        ulong q = s_modulus.Value, psi = s_modulus.PrimitiveRoot(2 * (ulong)degree);
        long[] coefficients = Signed(degree, 11);
        int bits = System.Numerics.BitOperations.Log2((uint)degree);
        foreach (KernelPath path in Paths.Supported)
        {
            ulong[] values = Forward(NegacyclicRing.Create(s_modulus, degree, path), coefficients);
            foreach (int place in (int[])[0, 1, 8, 63, degree / 2, degree - 1])
            {
                // Within each 64 the order is transposed; otherwise bit-reversed.
                int untransposed = place / 64 * 64 + place % 8 * 8 + place % 64 / 8;
                int reversed = 0;
                for (int b = 0; b < bits; b++)
                    reversed |= ((untransposed >> b) & 1) << (bits - 1 - b);
                ulong point = s_modulus.Power(psi, (ulong)(2 * reversed + 1)), value = 0;
                for (int i = degree - 1; i >= 0; i--)
                    value = (s_modulus.Multiply(value, point) + s_modulus.ToResidue(coefficients[i])) % q;
                Assert.Equal(value, values[place]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Inverse_after_forward_is_the_identity(int degree)
    {
        foreach (KernelPath path in Paths.Supported)
        {
            NegacyclicRing ring = NegacyclicRing.Create(s_modulus, degree, path);
            int[] one = new int[degree];
            one[0] = 1;
            using TransformedElement unit = TransformedElement.Of(ring, one);
            foreach (long[] coefficients in (long[][])[Signed(degree, 12), Extreme(degree, 1), Extreme(degree, -1)])
            {
                ulong[] result = new ulong[degree];
                ring.MultiplyInverse(Centred(Forward(ring, coefficients)), unit, new double[degree], result);
                Assert.Equal(coefficients.Select(s_modulus.ToResidue), result);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void Product_of_transforms_is_the_negacyclic_product(int degree)
    {
        using RandomStream random = RandomStream.FromSeed([13], "test");
        long[] x = Signed(degree, 14);
        int[] y = new int[degree];
        for (int i = 0; i < degree; i++)
            y[i] = random.NextInt32(85) - 42;
        Int128[] wide = new Int128[degree];
        for (int i = 0; i < degree; i++)
        {
            for (int j = 0; j < degree; j++)
            {
                Int128 term = (Int128)x[i] * y[j];
                wide[(i + j) % degree] += i + j < degree ? term : -term;
            }
        }
        Int128 q = s_modulus.Value;
        ulong[] expected = [.. wide.Select(c => (ulong)((c % q + q) % q))];
        foreach (KernelPath path in Paths.Supported)
        {
            NegacyclicRing ring = NegacyclicRing.Create(s_modulus, degree, path);
            using TransformedElement factor = TransformedElement.Of(ring, y);
            ulong[] product = new ulong[degree];
            ring.MultiplyInverse(Centred(Forward(ring, x)), factor, new double[degree], product);
            Assert.Equal(expected, product);
        }
    }

    private static ulong[] Forward(NegacyclicRing ring, long[] coefficients)
    {
        double[] x = [.. coefficients.Select(c => (double)c)];
        ulong[] values = new ulong[x.Length];
        ring.Forward(x, values);
        return values;
    }

    private static double[] Centred(ulong[] residues) => [.. residues.Select(r => (double)s_modulus.Centre(r))];

    /// <summary>Edges among uniform coefficients in (-q, q).</summary>
    private static long[] Signed(int degree, byte seed)
    {
        using RandomStream random = RandomStream.FromSeed([seed], "test");
        long q = (long)s_modulus.Value;
        long[] edges = [0, 1, -1, q / 2, -q / 2, q - 1, 1 - q];
        long[] coefficients = new long[degree];
        for (int i = 0; i < degree; i++)
            coefficients[i] = random.NextInt32(4) == 0 ? edges[random.NextInt32(edges.Length)] : (long)(random.NextUInt64() % (2 * s_modulus.Value - 1)) - (q - 1);
        return coefficients;
    }

    private static long[] Extreme(int degree, int sign) => [.. Enumerable.Repeat(sign * ((long)s_modulus.Value - 1), degree)];
}
