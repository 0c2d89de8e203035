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
            KernelPath.Vector512 when Avx512BW.IsSupported => CountBySixteens(words, halves, samples),
            KernelPath.Vector256 => CountByEights(words, halves, samples),
            _ => 0,
        };
        for (; i < samples.Length; i++)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(words[(sizeof(ulong) * i)..]);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(halves[(sizeof(uint) * i)..]) & TwentyBits;
            samples[i] = BitOperations.PopCount(low) + BitOperations.PopCount(high) - Eta;
        }
    }

    // Two halves of a 64-bit word and the 20 bits go through full adders, bit by bit: a sum, and a carry that counts twice. Then there are 32 + 32 bits
    // to count in place of 84. A byte's count is at most 8 + 16, and multiplications by 1 add the four of a sample.
    [MethodImpl(KernelMethod.Options)]
    private static int CountBySixteens(ReadOnlySpan<byte> words, ReadOnlySpan<byte> halves, Span<int> samples)
    {
        ref byte word = ref MemoryMarshal.GetReference(words), half = ref MemoryMarshal.GetReference(halves);
        ref int sample = ref MemoryMarshal.GetReference(samples);
        Vector512<uint> even = Vector512.Create(0u, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), odd = even + Vector512<uint>.One;
        int i = 0;
        for (; i + 16 <= samples.Length; i += 16)
        {
            Vector512<uint> first = Vector512.LoadUnsafe(ref word, (nuint)(sizeof(ulong) * i)).AsUInt32();
            Vector512<uint> second = Vector512.LoadUnsafe(ref word, (nuint)(sizeof(ulong) * (i + 8))).AsUInt32();
            Vector512<uint> x = Avx512F.PermuteVar16x32x2(first, even, second), y = Avx512F.PermuteVar16x32x2(first, odd, second);
            Vector512<uint> z = Vector512.LoadUnsafe(ref half, (nuint)(sizeof(uint) * i)).AsUInt32() & Vector512.Create(TwentyBits);
            Vector512<uint> sum = Avx512F.TernaryLogic(x, y, z, 0x96), carry = Avx512F.TernaryLogic(x, y, z, 0xE8);
            Vector512<byte> ones = Ones(sum.AsByte(), NibbleOnes) + Ones(carry.AsByte(), NibbleOnes + NibbleOnes);
            Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(ones, Vector512<sbyte>.One);
            (Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One) - Vector512.Create(Eta)).StoreUnsafe(ref sample, (nuint)i);
        }
        return i;
    }

    [MethodImpl(KernelMethod.Options)]
    private static int CountByEights(ReadOnlySpan<byte> words, ReadOnlySpan<byte> halves, Span<int> samples)
    {
        ref byte word = ref MemoryMarshal.GetReference(words), half = ref MemoryMarshal.GetReference(halves);
        ref int sample = ref MemoryMarshal.GetReference(samples);
        int i = 0;
        for (; i + 8 <= samples.Length; i += 8)
        {
            Vector256<float> first = Vector256.LoadUnsafe(ref word, (nuint)(sizeof(ulong) * i)).AsSingle();
            Vector256<float> second = Vector256.LoadUnsafe(ref word, (nuint)(sizeof(ulong) * (i + 4))).AsSingle();
            // Within 128 bits only: the order becomes 0, 1, 4, 5, 2, 3, 6, 7, which the 20 bits follow and the counts leave again.
            Vector256<uint> x = Avx.Shuffle(first, second, 0b10_00_10_00).AsUInt32(), y = Avx.Shuffle(first, second, 0b11_01_11_01).AsUInt32();
            Vector256<uint> z = Vector256.LoadUnsafe(ref half, (nuint)(sizeof(uint) * i)).AsUInt32() & Vector256.Create(TwentyBits);
            z = Avx2.Permute4x64(z.AsUInt64(), 0b11_01_10_00).AsUInt32();
            Vector256<uint> either = x ^ y, sum = either ^ z, carry = (x & y) | (either & z);
            Vector256<byte> ones = Ones(sum.AsByte(), NibbleOnes) + Ones(carry.AsByte(), NibbleOnes + NibbleOnes);
            Vector256<short> pairs = Avx2.MultiplyAddAdjacent(ones, Vector256<sbyte>.One);
            Vector256<int> counts = Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One) - Vector256.Create(Eta);
            Avx2.Permute4x64(counts.AsInt64(), 0b11_01_10_00).AsInt32().StoreUnsafe(ref sample, (nuint)i);
        }
        return i;
    }

    /// <summary>For each byte, what its two nibbles count for; the sixteen counts lie in a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Ones(Vector512<byte> x, Vector128<byte> nibbleCounts)
    {
        Vector512<byte> counts = Vector512.Create(Vector256.Create(nibbleCounts, nibbleCounts), Vector256.Create(nibbleCounts, nibbleCounts));
        Vector512<byte> nibble = Vector512.Create((byte)15);
        return Avx512BW.Shuffle(counts, x & nibble) + Avx512BW.Shuffle(counts, (x.AsUInt16() >> 4).AsByte() & nibble);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Ones(Vector256<byte> x, Vector128<byte> nibbleCounts)
    {
        Vector256<byte> counts = Vector256.Create(nibbleCounts, nibbleCounts), nibble = Vector256.Create((byte)15);
        return Avx2.Shuffle(counts, x & nibble) + Avx2.Shuffle(counts, (x.AsUInt16() >> 4).AsByte() & nibble);
    }

    private static Vector128<byte> NibbleOnes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    }
}
