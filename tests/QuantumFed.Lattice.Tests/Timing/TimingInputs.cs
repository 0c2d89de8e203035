using System.Runtime.InteropServices;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Inputs of both classes, written by the same work on the same memory: a random draw, and a mask that leaves it or makes it zeros.</summary>
/// <remarks>Zeros have no carry, no sign and no wrap: every branch on them goes one way. A class that were written in another way would find its
/// input in another level of the cache, and the experiment would find that.</remarks>
internal static class TimingInputs
{
    internal static void Draw<T>(RandomStream random, T[] words, bool isFixed)
        where T : unmanaged
    {
        random.Fill(MemoryMarshal.AsBytes(words.AsSpan()));
        Keep(words, isFixed);
    }

    internal static void DrawBelow(RandomStream random, ulong[] words, ulong bound, bool isFixed)
    {
        random.Fill(MemoryMarshal.AsBytes(words.AsSpan()));
        for (int i = 0; i < words.Length; i++)
            words[i] %= bound;
        Keep(words, isFixed);
    }

    internal static void DrawBelow(RandomStream random, uint[] words, uint bound, bool isFixed)
    {
        random.Fill(MemoryMarshal.AsBytes(words.AsSpan()));
        for (int i = 0; i < words.Length; i++)
            words[i] %= bound;
        Keep(words, isFixed);
    }

    /// <summary>A secret of CBD(42), or zeros.</summary>
    internal static void DrawSecret(RandomStream random, byte[] scratch, int[] secret, bool isFixed)
    {
        CentredBinomial.Sample(random, scratch, secret);
        Keep(secret, isFixed);
    }

    private static void Keep<T>(T[] words, bool isFixed)
        where T : unmanaged
    {
        uint mask = isFixed ? 0 : uint.MaxValue;
        foreach (ref uint word in MemoryMarshal.Cast<T, uint>(words.AsSpan()))
            word &= mask;
    }
}
