using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>The seeds are fixed: a false-alarm rate says how likely a correct sampler would have failed under a random one.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class UniformResiduesTests
{
    /// <summary>Few words left out (2^-34), about a quarter, nearly a half, and 50 bits.</summary>
    public static TheoryData<ulong> Moduli => [Modulus.LargestBelow2To49, 12289, (1UL << 48) + 21, LargeDegreeTests.LargestPrime(64, 50).Value];

    [Theory]
    [MemberData(nameof(Moduli))]
    public void Values_are_the_centred_words_below_q_at_every_width(ulong q)
    {
        var modulus = Modulus.Create(q);
        using RandomStream random = RandomStream.FromSeed([80], "test");
        for (int length = 0; length <= 130; length++)
        {
            byte[] words = new byte[8 * length];
            random.Fill(words);
            // Edges on both sides of q and of q/2, with bits above those of q.
            ulong[] edges = [q, q - 1, q / 2, q / 2 + 1, 0, ulong.MaxValue, q + 1];
            for (int i = 0; i < length && length % 3 != 0; i += 1 + random.NextInt32(9))
                BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(8 * i), edges[random.NextInt32(edges.Length)] | (i % 2 == 0 ? 1UL << 63 : 0));
            double[] expected = Expected(modulus, words, length);
            foreach (KernelPath path in Paths.Supported)
            {
                double[] values = new double[length];
                int taken = UniformResidues.Take(path, words, modulus, values);
                Assert.Equal(expected, values[..taken]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Moduli))]
    public void A_draw_takes_the_streams_words_in_order_whatever_the_scratch_space(ulong q)
    {
        var modulus = Modulus.Create(q);
        using RandomStream words = RandomStream.FromSeed([81], "test");
        byte[] bytes = new byte[8 * 8192];
        words.Fill(bytes);
        double[] expected = Expected(modulus, bytes, 2048);
        Assert.Equal(2048, expected.Length);
        foreach (KernelPath path in Paths.Supported)
        {
            foreach (int scratch in (int[])[8, 15, 16, 1000, 16384, 20000])
            {
                using RandomStream random = RandomStream.FromSeed([81], "test");
                double[] values = new double[2048];
                UniformResidues.Draw(path, random, modulus, new byte[scratch], values);
                Assert.Equal(expected, values);
            }
        }
    }

    /// <summary>The same words by the rule that the public elements document.</summary>
    [Fact]
    public void Public_elements_are_such_values()
    {
        byte[] seed = [.. Enumerable.Range(0, 36).Select(i => (byte)(i < 32 ? i : 0))];
        seed[32] = 1;
        PublicElements elements = PublicElements.Expand(KaheParameters.Create(10, 16), seed.AsSpan(0, 32), 2);
        using RandomStream random = RandomStream.FromSeed(seed, PublicElements.Domain);
        double[] values = new double[2048];
        UniformResidues.Draw(random, KaheParameterSet.Kahe2048.Rings[0].Modulus, new byte[8 * 2048], values);
        Assert.Equal(elements.Values(1), values);
    }

    [Theory]
    [MemberData(nameof(Moduli))]
    public void Values_are_uniform(ulong q)
    {
        const int Count = 1 << 17, Cells = 256;
        var modulus = Modulus.Create(q);
        using RandomStream random = RandomStream.FromSeed([82], "test");
        double[] values = new double[Count];
        UniformResidues.Draw(random, modulus, new byte[8 * 2048], values);
        double[] observed = new double[Cells], lowBits = new double[Cells];
        foreach (double value in values)
        {
            ulong residue = modulus.ToResidue((long)value);
            observed[(int)((UInt128)residue * Cells / q)]++;
            lowBits[residue % Cells]++;
        }
        // With 255 degrees of freedom chi-square exceeds 378 with probability below 10^-6.
        Assert.InRange(ChiSquare(observed, cell => (double)(FirstOf(cell + 1, q) - FirstOf(cell, q)) / q * Count), 0, 378);
        Assert.InRange(ChiSquare(lowBits, cell => (double)((q - 1 - (ulong)cell) / Cells + 1) / q * Count), 0, 378);
    }

    [Fact]
    public void Too_little_space_is_refused()
    {
        using RandomStream random = RandomStream.FromSeed([83], "test");
        var modulus = Modulus.Create(12289);
        Assert.Throws<ArgumentException>(() => UniformResidues.Draw(random, modulus, new byte[7], new double[1]));
        Assert.Throws<ArgumentException>(() => UniformResidues.Take(KernelPath.Scalar, new byte[16], modulus, new double[1]));
    }

    /// <summary>The smallest residue r with 256 r / q at least <paramref name="cell"/>.</summary>
    private static ulong FirstOf(int cell, ulong q) => (ulong)(((UInt128)q * (ulong)cell + 255) / 256);

    private static double ChiSquare(double[] observed, Func<int, double> expected) =>
        observed.Select((o, cell) => (o - expected(cell)) * (o - expected(cell)) / expected(cell)).Sum();

    private static double[] Expected(Modulus modulus, ReadOnlySpan<byte> words, int most)
    {
        var values = new List<double>();
        for (int i = 0; i < words.Length && values.Count < most; i += 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(words[i..]) & ((1UL << modulus.Bits) - 1);
            if (word < modulus.Value)
                values.Add(word > modulus.Value / 2 ? (double)word - modulus.Value : word);
        }
        return [.. values];
    }
}
