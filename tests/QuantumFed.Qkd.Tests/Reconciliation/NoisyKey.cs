using System.Runtime.InteropServices;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>A random key and the same key with a number of errors at random places.</summary>
internal sealed record NoisyKey(ulong[] Reference, ulong[] Noisy)
{
    public static NoisyKey Draw(int bits, int errors, RandomStream random)
    {
        ulong[] reference = new ulong[PackedBits.WordsFor(bits)];
        random.Fill(MemoryMarshal.AsBytes(reference.AsSpan()));
        reference[^1] &= PackedBits.TailMask(bits);
        ulong[] noisy = [.. reference];
        while (errors > 0)
        {
            int bit = random.NextInt32(bits);
            if (PackedBits.Get(reference, bit) != PackedBits.Get(noisy, bit))
                continue;
            noisy[bit >>> 6] ^= 1UL << bit;
            errors--;
        }

        return new NoisyKey(reference, noisy);
    }

    /// <summary>A seed for one run, its number in four bytes.</summary>
    public static byte[] Seed(int run) => BitConverter.GetBytes(run);
}
