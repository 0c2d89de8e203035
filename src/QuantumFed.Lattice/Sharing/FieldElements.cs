using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Vectors over F_p: random ones, and their bytes, 31 bits an element, little-endian, without gaps, the last byte filled with zeros.</summary>
internal static class FieldElements
{
    private const int BitsPerElement = 31;

    internal static int SizeInBytes(int count) => (count * BitsPerElement + 7) / 8;

    /// <summary>Uniform elements: little-endian 32-bit words cut to 31 bits, p itself left out.</summary>
    internal static void Draw(RandomStream random, Span<uint> elements)
    {
        byte[] scratch = GC.AllocateUninitializedArray<byte>(sizeof(uint) * 1024, pinned: true);
        int drawn = 0;
        while (drawn < elements.Length)
        {
            Span<byte> words = scratch.AsSpan(0, Math.Min(scratch.Length, sizeof(uint) * (elements.Length - drawn)));
            random.Fill(words);
            for (int i = 0; i < words.Length; i += sizeof(uint))
            {
                uint element = BinaryPrimitives.ReadUInt32LittleEndian(words[i..]) & MersenneField.P;
                elements[drawn] = element;
                // The branch tells only whether a word was p, which is then not used.
                drawn += element == MersenneField.P ? 0 : 1;
            }
        }
        CryptographicOperations.ZeroMemory(scratch);
    }

    internal static void Write(ReadOnlySpan<uint> elements, Span<byte> destination)
    {
        ulong pending = 0;
        int bits = 0, offset = 0;
        foreach (uint element in elements)
        {
            pending |= (ulong)element << bits;
            for (bits += BitsPerElement; bits >= 8; bits -= 8, pending >>= 8)
                destination[offset++] = (byte)pending;
        }
        if (bits > 0)
            destination[offset] = (byte)pending;
    }

    /// <summary>Reads elements; <see langword="false"/> if one is p, or a padding bit is set.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, Span<uint> elements)
    {
        ulong pending = 0;
        int bits = 0, offset = 0;
        uint invalid = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            for (; bits < BitsPerElement; bits += 8)
                pending |= (ulong)source[offset++] << bits;
            uint element = (uint)pending & MersenneField.P;
            pending >>= BitsPerElement;
            bits -= BitsPerElement;
            // Negative, as an int, only for p itself.
            invalid |= MersenneField.P - 1 - element;
            elements[i] = element;
        }
        return invalid >> 31 == 0 && pending == 0;
    }

    internal static void Erase(Span<uint> elements) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(elements));
}
