using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class ResidueDriverTests
{
    private const ulong Q = Modulus.LargestBelow2To49;
    private static readonly ulong[] s_edges = [0, 1, 2, Q / 2 - 1, Q / 2, Q / 2 + 1, Q - 2, Q - 1];

    [Fact]
    public void Sums_and_differences_equal_the_exact_ones_for_every_length_and_edge()
    {
        using RandomStream random = RandomStream.FromSeed([2], "test");
        foreach (KernelPath path in Paths.Supported)
        {
            for (int length = 0; length <= 130; length++)
            {
                ulong[] x = Residues(random, length), y = Residues(random, length), sum = new ulong[length], difference = new ulong[length];
                ResidueDriver.Apply<AddMod>(path, x, y, sum, Q);
                ResidueDriver.Apply<SubtractMod>(path, x, y, difference, Q);
                for (int i = 0; i < length; i++)
                {
                    Assert.Equal((ulong)(((UInt128)x[i] + y[i]) % Q), sum[i]);
                    Assert.Equal((ulong)(((UInt128)x[i] + Q - y[i]) % Q), difference[i]);
                }
                ResidueDriver.Apply<AddMod>(path, x, y, x, Q);
                Assert.Equal(sum, x);
            }
        }
    }

    [Fact]
    public void Every_pair_of_edge_residues_adds_and_subtracts_exactly()
    {
        ulong[] x = [.. s_edges.SelectMany(a => s_edges.Select(_ => a))], y = [.. s_edges.SelectMany(_ => s_edges)], result = new ulong[x.Length];
        foreach (KernelPath path in Paths.Supported)
        {
            ResidueDriver.Apply<AddMod>(path, x, y, result, Q);
            Assert.Equal(x.Zip(y, (a, b) => (a + b) % Q), result);
            ResidueDriver.Apply<SubtractMod>(path, x, y, result, Q);
            Assert.Equal(x.Zip(y, (a, b) => (a + Q - b) % Q), result);
        }
    }

    [Fact]
    public void Spans_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => ResidueDriver.Apply<AddMod>(new ulong[3], new ulong[3], new ulong[4], Q));

    private static ulong[] Residues(RandomStream random, int length)
    {
        ulong[] residues = new ulong[length];
        for (int i = 0; i < length; i++)
            residues[i] = random.NextInt32(3) == 0 ? s_edges[random.NextInt32(s_edges.Length)] : random.NextUInt64() % Q;
        return residues;
    }
}
