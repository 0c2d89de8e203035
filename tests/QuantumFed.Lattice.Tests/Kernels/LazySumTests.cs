using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

public sealed class LazySumTests
{
    private const ulong Q = Modulus.LargestBelow2To49;

    [Fact]
    public void Every_width_adds_takes_away_and_reduces_as_integers_do()
    {
        using RandomStream random = RandomStream.FromSeed([5], "test");
        for (int count = 0; count <= 136; count += 8)
        {
            ulong[][] terms = [.. Enumerable.Range(0, 4).Select(_ => Residues(random, count))];
            byte[][] packed = [.. terms.Select(Packed)];
            foreach (KernelPath path in Paths.Supported)
            {
                ulong[] sum = [.. Enumerable.Repeat(ulong.MaxValue, count)];
                LazySum.Add(path, packed[0], sum, fresh: true);
                Assert.Equal(terms[0], sum);
                LazySum.Add(path, packed[0], packed[1], packed[2], packed[3], sum, fresh: false);
                BigInteger[] expected = [.. Enumerable.Range(0, count).Select(i => 2 * (BigInteger)terms[0][i] + terms[1][i] + terms[2][i] + terms[3][i])];
                Assert.Equal(expected, sum.Select(x => (BigInteger)x));
                LazySum.Subtract(path, packed[1], sum, Q);
                ulong[] reduced = new ulong[count];
                LazySum.Reduce(path, sum, reduced, Q);
                Assert.Equal(expected.Select((x, i) => (ulong)((x - terms[1][i]) % Q)), reduced);
                LazySum.Add(path, packed[0], packed[1], packed[2], packed[3], sum, fresh: true);
                Assert.Equal(Enumerable.Range(0, count).Select(i => terms[0][i] + terms[1][i] + terms[2][i] + terms[3][i]), sum);
            }
        }
    }

    [Fact]
    public void Words_reduce_up_to_the_last_term_they_take()
    {
        Assert.True(LazySum.Suits(Q));
        Assert.False(LazySum.Suits((1UL << 48) + 1));
        Assert.True((UInt128)LazySum.MaxTerms * Q <= ulong.MaxValue);
        ulong[] edges = [0, 1, Q - 1, Q, Q + 1, 2 * Q - 1, 2 * Q, (1UL << 49) - 1, 1UL << 49, LazySum.MaxTerms * (Q - 1), LazySum.MaxTerms * Q, ulong.MaxValue, 5, 6, 7, 8];
        foreach (KernelPath path in Paths.Supported)
        {
            ulong[] reduced = (ulong[])edges.Clone();
            LazySum.Reduce(path, reduced, reduced, Q);
            Assert.Equal(edges.Select(x => x % Q), reduced);
        }
    }

    private static ulong[] Residues(RandomStream random, int count)
    {
        ulong[] residues = new ulong[count];
        for (int i = 0; i < count; i++)
            residues[i] = random.NextInt32(4) switch { 0 => Q - 1, 1 => 0, _ => random.NextUInt64() % Q };
        return residues;
    }

    private static byte[] Packed(ulong[] residues)
    {
        byte[] packed = new byte[residues.Length / 8 * 49];
        CoefficientPacking.Pack(KernelPath.Scalar, residues, packed);
        return packed;
    }
}
