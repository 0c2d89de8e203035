using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Public elements modulo q, elements of F_p, and the integers and fractions of <see cref="RandomStream"/>.</summary>
public sealed class ResidueStatisticsTests
{
    private const int Normal = 1 << 18, Long = 1 << 22;
    private const ulong Q = Modulus.LargestBelow2To49;

    // Three quarters of 2^31 and three eighths of 2^32: where draws without rejection favour values most.
    private const int ThreeEighths = 3 << 29;

    /// <summary>A sampler by name: its modulus, and so many samples of a stream.</summary>
    private static readonly Dictionary<string, (ulong Modulus, Func<RandomStream, int, ulong[]> Draw)> s_samplers = new()
    {
        ["public elements"] = (Q, DrawElements),
        ["FieldElements.Draw"] = (MersenneField.P, DrawField),
        ["NextUInt64"] = (1UL << 63, (random, count) => Draw(count, () => random.NextUInt64() >> 1)),
        ["NextDouble"] = (1UL << 53, (random, count) => Draw(count, () => (ulong)(random.NextDouble() * (1UL << 53)))),
        ["NextInt32(2)"] = (2, (random, count) => Draw(count, () => (ulong)random.NextInt32(2))),
        ["NextInt32(3)"] = (3, (random, count) => Draw(count, () => (ulong)random.NextInt32(3))),
        ["NextInt32(10)"] = (10, (random, count) => Draw(count, () => (ulong)random.NextInt32(10))),
        ["NextInt32(1000)"] = (1000, (random, count) => Draw(count, () => (ulong)random.NextInt32(1000))),
        ["NextInt32(3 2^29)"] = (ThreeEighths, (random, count) => Draw(count, () => (ulong)random.NextInt32(ThreeEighths))),
        ["NextInt32(2^31 - 1)"] = (int.MaxValue, (random, count) => Draw(count, () => (ulong)random.NextInt32(int.MaxValue))),
    };

    private static readonly Dictionary<string, (ulong Modulus, Func<RandomStream, ulong> Draw)> s_biased = new()
    {
        ["residues of q that miss the top 64th"] = (Q, random => (random.NextUInt64() & ((1UL << 49) - 1)) % (Q - Q / 64)),
        ["residues of q with bit 17 set in 33 of 64 cases"] = (Q, random => (random.NextUInt64() >> 15) % Q | (random.NextInt32(32) == 0 ? 1UL << 17 : 0)),
        ["words of 31 bits, reduced"] = (ThreeEighths, random => (random.NextUInt64() >> 33) % ThreeEighths),
        ["a product without rejection"] = (ThreeEighths, random => ((random.NextUInt64() >> 32) * ThreeEighths) >> 32),
        ["a byte modulo 10"] = (10, random => (random.NextUInt64() >> 56) % 10),
        ["fractions of 24 bits"] = (1UL << 53, random => random.NextUInt64() >> 40 << 29),
        ["elements that may be p"] = (MersenneField.P, random => random.NextInt32(1 << 16) == 0 ? MersenneField.P : (ulong)random.NextInt32(int.MaxValue)),
    };

    public static TheoryData<string> Samplers => [.. s_samplers.Keys];

    // In a normal run the list counts as one skipped test.
    public static TheoryData<string> SamplersOfLongRuns => RunLength.IsLong ? Samplers : ["all of them"];

    public static TheoryData<string> Biased => [.. s_biased.Keys];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Residues_are_uniform(string sampler)
    {
        using RandomStream random = RandomStream.FromSeed([3], "statistics");
        Judge(sampler, random, Normal).RequireAccepted(sampler + ", seeded");
    }

    [Theory]
    [MemberData(nameof(SamplersOfLongRuns))]
    public void Residues_from_the_operating_system_are_uniform(string sampler)
    {
        LongTest.Require();
        using RandomStream random = RandomStream.FromOperatingSystem();
        Judge(sampler, random, Long).RequireAccepted(sampler);
    }

    [Theory]
    [MemberData(nameof(Biased))]
    public void A_biased_sampler_is_rejected(string bias)
    {
        using RandomStream random = RandomStream.FromSeed([4], "statistics");
        (ulong modulus, Func<RandomStream, ulong> draw) = s_biased[bias];
        ResidueBattery.Judge(Draw(Normal, () => draw(random)), modulus).RequireRejected(bias);
    }

    [Fact]
    public void Consecutive_elements_that_agree_somewhere_are_rejected()
    {
        using RandomStream random = RandomStream.FromSeed([5], "statistics");
        ulong[] samples = DrawElements(random, Normal);
        // Every second element repeats one place in 32 of the one before.
        for (int i = 2048; i < samples.Length; i++)
        {
            if (i / 2048 % 2 != 0 && i % 32 == 0)
                samples[i] = samples[i - 2048];
        }
        ResidueBattery.Judge(samples, Q).RequireRejected("elements that agree");
    }

    private static Battery Judge(string sampler, RandomStream random, int count)
    {
        (ulong modulus, Func<RandomStream, int, ulong[]> draw) = s_samplers[sampler];
        return ResidueBattery.Judge(draw(random, count), modulus);
    }

    private static ulong[] Draw(int count, Func<ulong> draw)
    {
        ulong[] samples = new ulong[count];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = draw();
        return samples;
    }

    private static ulong[] DrawField(RandomStream random, int count)
    {
        uint[] elements = new uint[count];
        FieldElements.Draw(random, elements);
        return Array.ConvertAll(elements, element => (ulong)element);
    }

    private static ulong[] DrawElements(RandomStream random, int count)
    {
        const int Blocks = 64;
        KaheParameters parameters = KaheParameters.Create(4, 16);
        byte[] seed = new byte[PublicElements.SeedSizeInBytes];
        ulong[] samples = new ulong[count];
        for (int i = 0; i < count; i += 2048 * Blocks)
        {
            random.Fill(seed);
            PublicElements elements = PublicElements.Expand(parameters, seed, Blocks);
            for (int block = 0; block < Blocks; block++)
                Residues(elements, block, samples.AsSpan(i + 2048 * block, 2048));
        }
        return samples;
    }

    private static void Residues(PublicElements elements, int block, Span<ulong> samples)
    {
        for (int i = 0; i < samples.Length; i++)
            samples[i] = KaheParameterSet.Kahe2048.Rings[0].Modulus.ToResidue((long)elements.Values(block)[i]);
    }
}
