using System.Buffers.Binary;
using System.Numerics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>The centred binomial distribution CBD(42): the difference of two sums of 42 random bits, in [-42, 42], variance 21.</summary>
internal static class CentredBinomial
{
    /// <summary>eta: the largest absolute value.</summary>
    internal const int Eta = 42;

    /// <summary>Random bytes taken for one sample: 64 + 32 bits, of which 84 count.</summary>
    internal const int BytesPerSample = sizeof(ulong) + sizeof(uint);

    private const uint TwentyBits = (1u << 20) - 1;

    /// <summary>Draws <paramref name="samples"/>, with <paramref name="scratch"/> (12 bytes a sample) for the random bytes.</summary>
    /// <remarks>One sample is the number of ones among 84 random bits, less 42: replacing the second 42 bits by their complement, equally
    /// random, shows that this is the difference of two sums of 42 bits. Counting ones takes no branch and no table, in hardware or not.
    /// The caller erases <paramref name="scratch"/>.</remarks>
    internal static void Sample(RandomStream random, Span<byte> scratch, Span<int> samples)
    {
        scratch = scratch[..(BytesPerSample * samples.Length)];
        random.Fill(scratch);
        ReadOnlySpan<byte> words = scratch[..(sizeof(ulong) * samples.Length)], halves = scratch[words.Length..];
        for (int i = 0; i < samples.Length; i++)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(words[(sizeof(ulong) * i)..]);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(halves[(sizeof(uint) * i)..]) & TwentyBits;
            samples[i] = BitOperations.PopCount(low) + BitOperations.PopCount(high) - Eta;
        }
    }
}
