using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Whole vectors over F_p against exact integers: every length from 0 to 130, and the elements at which a reduction can go wrong.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class FieldVectorsTests
{
    private const uint P = SharingParameters.FieldPrime;
    private static readonly uint[] s_edges = [P - 1, 0, 1, P - 1, P - 2, P / 2, P / 2 + 1, 2];

    [Fact]
    public void Weighted_sums_equal_the_exact_ones()
    {
        using RandomStream random = RandomStream.FromSeed([41], "test");
        for (int length = 0; length <= 130; length++)
        {
            // Around the four terms that one fold takes, and once a whole committee.
            foreach (int terms in (int[])[0, 1, 3, 4, 5, 8, length == 130 ? 255 : 9])
            {
                uint[] weights = Elements(random, terms);
                uint[][] rows = [.. Enumerable.Range(0, terms).Select(_ => Elements(random, length + 1))];
                uint[] expected = new uint[length];
                for (int i = 0; i < length; i++)
                {
                    BigInteger exact = 0;
                    for (int j = 0; j < terms; j++)
                        exact += (BigInteger)weights[j] * rows[j][i];
                    expected[i] = (uint)(exact % P);
                }
                foreach (KernelPath path in Paths.Supported)
                {
                    uint[] actual = [.. Enumerable.Repeat(7u, length + 1)];
                    FieldVectors.WeightedSum(path, weights, rows, actual.AsSpan(0, length));
                    Assert.Equal([.. expected, 7u], actual);
                }
            }
        }
    }

    [Fact]
    public void The_largest_elements_of_the_largest_committee_do_not_overflow()
    {
        uint[] largest = [.. Enumerable.Repeat(P - 1, 2051)];
        foreach (KernelPath path in Paths.Supported)
        {
            uint[] actual = new uint[2051];
            FieldVectors.WeightedSum(path, largest.AsSpan(0, 255), [.. Enumerable.Repeat(largest, 255)], actual);
            // (p - 1)^2 = 1.
            Assert.All(actual, element => Assert.Equal(255u, element));
            Assert.Equal(2051u, FieldVectors.DotProduct(path, largest, largest));
        }
    }

    [Fact]
    public void Dot_products_and_sums_equal_the_exact_ones()
    {
        using RandomStream random = RandomStream.FromSeed([42], "test");
        for (int length = 0; length <= 130; length++)
        {
            uint[] x = Elements(random, length), y = Elements(random, length + 2);
            BigInteger exact = 0;
            for (int i = 0; i < length; i++)
                exact += (BigInteger)x[i] * y[i];
            foreach (KernelPath path in Paths.Supported)
            {
                Assert.Equal((uint)(exact % P), FieldVectors.DotProduct(path, x, y.AsSpan(0, length)));
                uint[] sum = [.. x];
                FieldVectors.AddTo(path, sum, y);
                Assert.Equal(x.Zip(y, (a, b) => (uint)(((ulong)a + b) % P)), sum);
            }
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => FieldVectors.WeightedSum([1], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => FieldVectors.WeightedSum([1], [new uint[3]], new uint[4]));
        Assert.Throws<ArgumentException>(() => FieldVectors.DotProduct(new uint[3], new uint[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FieldVectors.AddTo(new uint[4], new uint[3]));
    }

    [Fact]
    public void Polynomials_are_evaluated_as_Horners_rule_does_exactly()
    {
        using RandomStream random = RandomStream.FromSeed([43], "test");
        foreach ((uint point, int degree) in ((uint, int)[])[(1, 0), (1, 6), (255, 169), (128, 4), (2, 254)])
        {
            uint[][] rows = [.. Enumerable.Range(0, degree + 1).Select(_ => Elements(random, 70))];
            uint[] values = new uint[70];
            SecretSharing.Evaluate(point, rows, values);
            for (int i = 0; i < values.Length; i++)
            {
                BigInteger exact = 0;
                for (int d = degree; d >= 0; d--)
                    exact = ((exact * point) + rows[d][i]) % P;
                Assert.Equal((uint)exact, values[i]);
            }
        }
    }

    [Fact]
    public void A_basis_reproduces_polynomials_at_every_point_its_own_nodes_among_them()
    {
        using RandomStream random = RandomStream.FromSeed([44], "test");
        foreach (uint[] nodes in (uint[][])[[7], [0, 1, 4], [255, 1, 254, 3], [.. Enumerable.Range(86, 170).Select(node => (uint)node)]])
        {
            uint[] polynomial = Elements(random, nodes.Length);
            uint[] values = Array.ConvertAll(nodes, node => At(polynomial, node));
            foreach (uint point in (uint[])[0, 1, 86, 255, P - 1, .. nodes])
            {
                uint[] weights = LagrangeBasis.Over(nodes).At(point);
                Assert.Equal(At(polynomial, point), FieldVectors.DotProduct(weights, values));
            }
        }
    }

    [Fact]
    public void Elements_are_packed_as_the_31_bit_digits_of_one_number()
    {
        using RandomStream random = RandomStream.FromSeed([45], "test");
        for (int length = 0; length <= 130; length++)
        {
            uint[] elements = Elements(random, length);
            BigInteger number = 0;
            for (int i = length - 1; i >= 0; i--)
                number = (number << 31) + elements[i];
            byte[] expected = new byte[FieldElements.SizeInBytes(length)];
            Assert.True(number.TryWriteBytes(expected, out int _, isUnsigned: true) || length == 0);
            byte[] actual = new byte[expected.Length];
            FieldElements.Write(elements, actual);
            Assert.Equal(expected, actual);
            uint[] read = new uint[length];
            Assert.True(FieldElements.TryRead(actual, read));
            Assert.Equal(elements, read);
            AssertRefusesAnyElementThatIsP(elements);
            if (length * 31 % 8 != 0)
            {
                actual[^1] |= 0x80;
                Assert.False(FieldElements.TryRead(actual, read));
            }
        }
    }

    private static void AssertRefusesAnyElementThatIsP(uint[] elements)
    {
        byte[] bytes = new byte[FieldElements.SizeInBytes(elements.Length)];
        for (int i = 0; i < elements.Length; i++)
        {
            uint element = elements[i];
            elements[i] = P;
            FieldElements.Write(elements, bytes);
            elements[i] = element;
            Assert.False(FieldElements.TryRead(bytes, new uint[elements.Length]));
        }
    }

    /// <summary>Edge elements first, beginning at a random one of them, then uniform.</summary>
    private static uint[] Elements(RandomStream random, int count)
    {
        uint[] elements = new uint[count];
        int start = (int)(random.NextUInt64() % 8);
        for (int i = 0; i < count; i++)
            elements[i] = i % 3 == 0 ? s_edges[(start + i) % 8] : (uint)(random.NextUInt64() % P);
        return elements;
    }

    private static uint At(uint[] polynomial, uint point)
    {
        BigInteger value = 0;
        for (int d = polynomial.Length - 1; d >= 0; d--)
            value = ((value * point) + polynomial[d]) % P;
        return (uint)value;
    }
}
