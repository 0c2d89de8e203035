using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>One bit per detection in packed words, bits beyond the last one zero.</summary>
internal static class BitPlane
{
    internal static int SizeInBytes(int bits) => sizeof(ulong) * PackedBits.WordsFor(bits);

    internal static ulong[] Allocate(int bits) => GC.AllocateArray<ulong>(PackedBits.WordsFor(bits), pinned: true);

    internal static ReadOnlySpan<byte> Bytes(ReadOnlySpan<ulong> plane) => MemoryMarshal.AsBytes(plane);

    /// <summary>Reads a plane from the beginning of <paramref name="source"/>; <see langword="false"/> when bits beyond its end are set.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, int bits, out ulong[] plane)
    {
        plane = Allocate(bits);
        source[..SizeInBytes(bits)].CopyTo(MemoryMarshal.AsBytes(plane.AsSpan()));
        return bits == 0 || (plane[^1] & ~PackedBits.TailMask(bits)) == 0;
    }

    /// <summary>How many bits are set.</summary>
    internal static int Count(ReadOnlySpan<ulong> plane)
    {
        int count = 0;
        foreach (ulong word in plane)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>The bits that a mask with so many ones names, moved together.</summary>
    internal static ulong[] Gather(ReadOnlySpan<ulong> plane, ReadOnlySpan<ulong> mask, int ones)
    {
        ulong[] gathered = Allocate(ones);
        int length = 0;
        for (int w = 0; w < mask.Length; w++)
        {
            int count = BitOperations.PopCount(mask[w]);
            if (count == 0)
                continue;
            ulong bits = Sifting.Gather(plane[w], mask[w]);
            int word = length >> 6, shift = length & 63;
            gathered[word] |= bits << shift;
            if (shift + count > 64)
                gathered[word + 1] |= bits >> (64 - shift);
            length += count;
        }
        return gathered;
    }

    internal static void Erase(ulong[] plane) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(plane.AsSpan()));
}
