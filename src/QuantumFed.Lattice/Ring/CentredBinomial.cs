using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
    /// random, shows that this is the difference of two sums of 42 bits. Counting ones takes no branch and no table in memory, in hardware or
    /// not. The caller erases <paramref name="scratch"/>.</remarks>
    internal static void Sample(RandomStream random, Span<byte> scratch, Span<int> samples)
    {
        scratch = scratch[..(BytesPerSample * samples.Length)];
        random.Fill(scratch);
        Count(KernelPaths.Widest, scratch, samples);
    }

    /// <summary>Counts the ones: words of 64 bits for all samples first, then 32 bits for each, of which the lower 20 count.</summary>
    internal static void Count(KernelPath path, ReadOnlySpan<byte> random, Span<int> samples)
    {
        ReadOnlySpan<byte> words = random[..(sizeof(ulong) * samples.Length)], halves = random[words.Length..(BytesPerSample * samples.Length)];
        int i = path switch
        {
            KernelPath.Vector512 when Avx512BW.IsSupported => CountByEights(words, halves, samples),
            KernelPath.Vector256 => CountByFours(words, halves, samples),
            _ => 0,
        };
        for (; i < samples.Length; i++)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(words[(sizeof(ulong) * i)..]);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(halves[(sizeof(uint) * i)..]) & TwentyBits;
            samples[i] = BitOperations.PopCount(low) + BitOperations.PopCount(high) - Eta;
        }
    }

    // Each byte's ones are at most 8 + 8, and the eight bytes of a sample are added by the instruction that adds absolute differences from zero.
    private static int CountByEights(ReadOnlySpan<byte> words, ReadOnlySpan<byte> halves, Span<int> samples)
    {
        ref byte word = ref MemoryMarshal.GetReference(words), half = ref MemoryMarshal.GetReference(halves);
        ref int sample = ref MemoryMarshal.GetReference(samples);
        int i = 0;
        for (; i + 8 <= samples.Length; i += 8)
        {
            Vector512<byte> low = Vector512.LoadUnsafe(ref word, (nuint)(sizeof(ulong) * i));
            Vector256<uint> high = Vector256.LoadUnsafe(ref half, (nuint)(sizeof(uint) * i)).AsUInt32() & Vector256.Create(TwentyBits);
            Vector512<byte> ones = Ones(low) + Ones(Avx512F.ConvertToVector512Int64(high).AsByte());
            Vector512<long> sums = Avx512BW.SumAbsoluteDifferences(ones, Vector512<byte>.Zero).AsInt64();
            (Avx512F.ConvertToVector256Int32(sums) - Vector256.Create(Eta)).StoreUnsafe(ref sample, (nuint)i);
        }
        return i;
    }

    private static int CountByFours(ReadOnlySpan<byte> words, ReadOnlySpan<byte> halves, Span<int> samples)
    {
        ref byte word = ref MemoryMarshal.GetReference(words), half = ref MemoryMarshal.GetReference(halves);
        ref int sample = ref MemoryMarshal.GetReference(samples);
        int i = 0;
        for (; i + 4 <= samples.Length; i += 4)
        {
            Vector256<byte> low = Vector256.LoadUnsafe(ref word, (nuint)(sizeof(ulong) * i));
            Vector128<uint> high = Vector128.LoadUnsafe(ref half, (nuint)(sizeof(uint) * i)).AsUInt32() & Vector128.Create(TwentyBits);
            Vector256<byte> ones = Ones(low) + Ones(Avx2.ConvertToVector256Int64(high).AsByte());
            Vector256<int> sums = Avx2.SumAbsoluteDifferences(ones, Vector256<byte>.Zero).AsInt32();
            // The sums fill the even places of eight.
            Vector256<int> packed = Avx2.PermuteVar8x32(sums, Vector256.Create(0, 2, 4, 6, 0, 0, 0, 0));
            (packed.GetLower() - Vector128.Create(Eta)).StoreUnsafe(ref sample, (nuint)i);
        }
        return i;
    }

    /// <summary>The ones in each byte, of which a register holds the counts for the sixteen nibbles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Ones(Vector512<byte> x)
    {
        Vector512<byte> counts = Vector512.Create(Vector256.Create(NibbleOnes, NibbleOnes), Vector256.Create(NibbleOnes, NibbleOnes));
        Vector512<byte> nibble = Vector512.Create((byte)15);
        return Avx512BW.Shuffle(counts, x & nibble) + Avx512BW.Shuffle(counts, (x.AsUInt16() >> 4).AsByte() & nibble);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Ones(Vector256<byte> x)
    {
        Vector256<byte> counts = Vector256.Create(NibbleOnes, NibbleOnes), nibble = Vector256.Create((byte)15);
        return Avx2.Shuffle(counts, x & nibble) + Avx2.Shuffle(counts, (x.AsUInt16() >> 4).AsByte() & nibble);
    }

    private static Vector128<byte> NibbleOnes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }
}
