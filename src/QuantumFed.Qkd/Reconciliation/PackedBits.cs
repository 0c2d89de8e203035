using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuantumFed.Qkd;

/// <summary>Bits packed into words: bit i is bit i mod 64 of word i / 64, counted from the least significant.</summary>
internal static class PackedBits
{
    internal const int WordBits = 64;

    internal static int WordsFor(int bits) => (bits + WordBits - 1) >>> 6;

    /// <summary>The last word's bits that belong to a string of <paramref name="bits"/> bits.</summary>
    internal static ulong TailMask(int bits) => (bits & 63) == 0 ? ulong.MaxValue : (1UL << (bits & 63)) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Get(ReadOnlySpan<ulong> words, int bit) => (uint)(words[bit >>> 6] >> bit) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint ParityOf(ulong word) => (uint)BitOperations.PopCount(word) & 1;

    /// <summary>The parity of bits [start, end), start &lt; end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Parity(ReadOnlySpan<ulong> words, int start, int end)
    {
        int first = start >>> 6, last = (end - 1) >>> 6;
        ulong head = ulong.MaxValue << start, tail = ulong.MaxValue >> -end;
        if (first == last)
            return ParityOf(words[first] & head & tail);
        ulong sum = (words[first] & head) ^ (words[last] & tail);
        // The parity of many words is the parity of their sum: one population count for any length.
        return ParityOf(last - first > 1 ? sum ^ Sum(words[(first + 1)..last]) : sum);
    }

    /// <summary>The parity of the bits in [start, end) that <paramref name="mask"/> chooses.</summary>
    internal static uint Parity(ReadOnlySpan<ulong> words, ReadOnlySpan<ulong> mask, int start, int end)
    {
        int first = start >>> 6, last = (end - 1) >>> 6;
        ulong head = ulong.MaxValue << start, tail = ulong.MaxValue >> -end;
        if (first == last)
            return ParityOf(words[first] & mask[first] & head & tail);
        ulong sum = (words[first] & mask[first] & head) ^ (words[last] & mask[last] & tail);
        if (last - first > 1)
            sum ^= Sum(words[(first + 1)..last], mask[(first + 1)..last]);
        return ParityOf(sum);
    }

    /// <summary>
    /// Bit m of the result is the parity of bits [0, m), for m from 0 to 64 <paramref name="words"/>.Length: one word more than the string has.
    /// </summary>
    internal static void PrefixParities(ReadOnlySpan<ulong> words, Span<ulong> prefix)
    {
        ulong carry = 0;
        for (int w = 0; w < words.Length; w++)
        {
            ulong inclusive = InclusivePrefix(words[w]) ^ carry;
            prefix[w] = (inclusive << 1) | (carry & 1);
            carry = (ulong)((long)inclusive >> 63);
        }
        prefix[words.Length] = carry & 1;
    }

    /// <summary>The same of the bits selected by <paramref name="mask"/>.</summary>
    internal static void PrefixParities(ReadOnlySpan<ulong> words, ReadOnlySpan<ulong> mask, Span<ulong> prefix)
    {
        ulong carry = 0;
        for (int w = 0; w < words.Length; w++)
        {
            ulong inclusive = InclusivePrefix(words[w] & mask[w]) ^ carry;
            prefix[w] = (inclusive << 1) | (carry & 1);
            carry = (ulong)((long)inclusive >> 63);
        }
        prefix[words.Length] = carry & 1;
    }

    /// <summary>Bit i of <paramref name="destination"/> becomes bit order[i] of <paramref name="source"/>.</summary>
    internal static void Gather(ReadOnlySpan<ulong> source, ReadOnlySpan<int> order, Span<ulong> destination)
    {
        for (int w = 0; w < destination.Length; w++)
        {
            ReadOnlySpan<int> part = order.Slice(w << 6, Math.Min(WordBits, order.Length - (w << 6)));
            ulong word = 0;
            for (int i = part.Length - 1; i >= 0; i--)
            {
                int bit = part[i];
                word = (word << 1) | ((source[bit >>> 6] >> bit) & 1);
            }
            destination[w] = word;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong InclusivePrefix(ulong word)
    {
        word ^= word << 1;
        word ^= word << 2;
        word ^= word << 4;
        word ^= word << 8;
        word ^= word << 16;
        return word ^ (word << 32);
    }

    private static ulong Sum(ReadOnlySpan<ulong> words)
    {
        ulong sum = 0;
        int w = 0;
        if (words.Length >= Vector256<ulong>.Count)
        {
            Vector256<ulong> sums = default;
            for (; w <= words.Length - Vector256<ulong>.Count; w += Vector256<ulong>.Count)
                sums ^= Vector256.Create(words[w..]);
            sum = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
        }
        for (; w < words.Length; w++)
            sum ^= words[w];
        return sum;
    }

    private static ulong Sum(ReadOnlySpan<ulong> words, ReadOnlySpan<ulong> mask)
    {
        ulong sum = 0;
        int w = 0;
        if (words.Length >= Vector256<ulong>.Count)
        {
            Vector256<ulong> sums = default;
            for (; w <= words.Length - Vector256<ulong>.Count; w += Vector256<ulong>.Count)
                sums ^= Vector256.Create(words[w..]) & Vector256.Create(mask[w..]);
            sum = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
        }
        for (; w < words.Length; w++)
            sum ^= words[w] & mask[w];
        return sum;
    }
}
