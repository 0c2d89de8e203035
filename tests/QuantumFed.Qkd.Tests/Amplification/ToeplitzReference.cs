namespace QuantumFed.Qkd.Tests;

/// <summary>Two slow ways to multiply by a Toeplitz matrix that share nothing with the library's.</summary>
internal static class ToeplitzReference
{
    /// <summary>Bit by bit from the matrix's definition.</summary>
    public static ulong[] Naive(ulong[] seed, ulong[] key, int inputBits, int outputBits)
    {
        ulong[] output = new ulong[PackedBits.WordsFor(outputBits)];
        for (int i = 0; i < outputBits; i++)
        {
            uint bit = 0;
            for (int j = 0; j < inputBits; j++)
                bit ^= PackedBits.Get(seed, i - j + inputBits - 1) & PackedBits.Get(key, j);
            output[i >>> 6] |= (ulong)bit << i;
        }

        return output;
    }

    /// <summary>Column by column: bit j of the key adds seed bits n-1-j to n-1-j+m-1, from one of 64 shifted copies of the seed.</summary>
    public static ulong[] ByColumns(ulong[] seed, ulong[] key, int inputBits, int outputBits)
    {
        ulong[] output = new ulong[PackedBits.WordsFor(outputBits)];
        ulong[][] shifted = [.. Enumerable.Range(0, 64).Select(shift => Enumerable.Range(0, seed.Length + 1).Select(w => Word(seed, w, shift)).ToArray())];
        for (int j = 0; j < inputBits; j++)
        {
            if (PackedBits.Get(key, j) == 0)
                continue;
            int from = inputBits - 1 - j;
            ReadOnlySpan<ulong> column = shifted[from & 63].AsSpan(from >>> 6);
            for (int w = 0; w < Math.Min(output.Length, column.Length); w++)
                output[w] ^= column[w];
        }

        output[^1] &= PackedBits.TailMask(outputBits);
        return output;
    }

    private static ulong Word(ulong[] seed, int w, int shift)
    {
        ulong low = w < seed.Length ? seed[w] >>> shift : 0, high = shift > 0 && w + 1 < seed.Length ? seed[w + 1] << (64 - shift) : 0;
        return low | high;
    }
}
