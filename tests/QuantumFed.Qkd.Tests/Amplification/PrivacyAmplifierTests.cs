using System.Runtime.InteropServices;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class PrivacyAmplifierTests
{
    public static TheoryData<string> Paths => [.. Enum.GetValues<ToeplitzPath>().Where(ToeplitzKernel.IsSupported).Select(path => path.ToString())];

    [Theory]
    [Trait("Runs", "OnEveryPath")]
    [MemberData(nameof(Paths))]
    public void Output_is_the_naive_matrix_times_the_key_at_every_small_size(string path)
    {
        using RandomStream random = RandomStream.FromSeed("small"u8, path);
        for (int bits = 1; bits <= 200; bits++)
        {
            foreach (int output in new[] { 1, bits / 3, bits / 2, bits - 1, bits }.Where(m => m > 0).Distinct())
                AssertReference(ToeplitzReference.Naive, Enum.Parse<ToeplitzPath>(path), bits, output, random);
        }
    }

    [Theory]
    [Trait("Runs", "OnEveryPath")]
    [MemberData(nameof(Paths))]
    public void Output_is_the_references_at_every_depth_of_the_recursion(string path)
    {
        using RandomStream random = RandomStream.FromSeed("middle"u8, path);
        foreach (int bits in (int[])[1023, 1024, 1025, 2047, 2048, 2049, 3000, 5120, 9999, 12_288, 20_000, 40_001])
        {
            foreach (int output in (int[])[1, 65, bits / 5, bits / 2, bits - 1, bits])
                AssertReference(ToeplitzReference.ByColumns, Enum.Parse<ToeplitzPath>(path), bits, output, random);
        }
    }

    [Theory]
    [InlineData(100_000, 31_337)]
    [InlineData(262_145, 262_145)]
    [InlineData(1 << 20, 1 << 19)]
    public void Output_is_the_references_at_large_sizes(int bits, int output)
    {
        using RandomStream random = RandomStream.FromSeed("large"u8, "large");
        AssertReference(ToeplitzReference.ByColumns, ToeplitzKernel.Widest, bits, output, random);
    }

    [Fact]
    public void The_two_references_agree()
    {
        using RandomStream random = RandomStream.FromSeed("references"u8, "references");
        foreach ((int bits, int output) in ((int, int)[])[(1, 1), (64, 64), (65, 3), (300, 200), (1000, 999)])
        {
            ulong[] seed = Draw(PrivacyAmplifier.SeedBits(bits, output), random), key = Draw(bits, random);
            Assert.Equal(ToeplitzReference.Naive(seed, key, bits, output), ToeplitzReference.ByColumns(seed, key, bits, output));
        }
    }

    [Fact]
    public void Hash_of_a_sum_is_the_sum_of_hashes_whatever_the_bits_beyond_the_keys_end()
    {
        using RandomStream random = RandomStream.FromSeed("linear"u8, "linear");
        using PrivacyAmplifier amplifier = PrivacyAmplifier.Create(5000, 2100, Draw(PrivacyAmplifier.SeedBits(5000, 2100), random));
        ulong[] x = Draw(5000, random), y = Draw(5000, random), sum = [.. x.Zip(y, (a, b) => a ^ b)];
        x[^1] |= ~PackedBits.TailMask(5000);
        Assert.Equal(Amplify(amplifier, x).Zip(Amplify(amplifier, y), (a, b) => a ^ b), Amplify(amplifier, sum));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 0)]
    [InlineData(10, 11)]
    [InlineData(PrivacyAmplifier.MostBits + 1, 1)]
    public void Sizes_outside_their_ranges_are_refused(int bits, int output) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyAmplifier.Create(bits, output, []));

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PrivacyAmplifier.Create(100, 50, new ulong[2]));
        using PrivacyAmplifier amplifier = PrivacyAmplifier.Create(100, 50, new ulong[3]);
        Assert.Throws<ArgumentException>(() => amplifier.Amplify(new ulong[1], new ulong[1]));
        Assert.Throws<ArgumentException>(() => amplifier.Amplify(new ulong[2], new ulong[2]));
    }

    private static void AssertReference(Func<ulong[], ulong[], int, int, ulong[]> reference, ToeplitzPath path, int bits, int output, RandomStream random)
    {
        ulong[] seed = Draw(PrivacyAmplifier.SeedBits(bits, output), random), key = Draw(bits, random);
        using PrivacyAmplifier amplifier = PrivacyAmplifier.Create(bits, output, seed, path);
        ulong[] expected = reference(seed, key, bits, output), found = Amplify(amplifier, key);
        if (!expected.AsSpan().SequenceEqual(found))
            Assert.Fail($"n = {bits}, m = {output}, {path}: the output differs from the reference.");
        // The second use finds clean memory.
        Assert.Equal(expected, Amplify(amplifier, key));
    }

    private static ulong[] Amplify(PrivacyAmplifier amplifier, ulong[] key)
    {
        ulong[] output = new ulong[PackedBits.WordsFor(amplifier.OutputBits)];
        amplifier.Amplify(key, output);
        return output;
    }

    // Bits beyond the end stay random: nothing may depend on them.
    private static ulong[] Draw(int bits, RandomStream random)
    {
        ulong[] words = new ulong[PackedBits.WordsFor(bits)];
        random.Fill(MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }
}
