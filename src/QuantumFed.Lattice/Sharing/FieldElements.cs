using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Vectors over F_p: random ones, and their bytes, 31 bits an element, little-endian, without gaps, the last byte filled with zeros.</summary>
internal static class FieldElements
{
    private const int BitsPerElement = 31;
    private const int GroupElements = 32;
    private const int GroupSizeInBytes = GroupElements * BitsPerElement / 8;

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

    /// <remarks>32 elements fill 31 words of 32 bits: word k ends with the upper bits of element k and begins with the lower ones of element k + 1.</remarks>
    internal static void Write(ReadOnlySpan<uint> elements, Span<byte> destination)
    {
        for (; elements.Length >= GroupElements; elements = elements[GroupElements..], destination = destination[GroupSizeInBytes..])
        {
            ReadOnlySpan<uint> group = elements[..GroupElements];
            for (int k = 0; k < GroupElements - 1; k++)
                BinaryPrimitives.WriteUInt32LittleEndian(destination[(sizeof(uint) * k)..], (group[k] >> k) | (group[k + 1] << (BitsPerElement - k)));
        }
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
        uint invalid = 0;
        for (; elements.Length >= GroupElements; elements = elements[GroupElements..], source = source[GroupSizeInBytes..])
        {
            Span<uint> group = elements[..GroupElements];
            uint previous = 0;
            for (int k = 0; k < GroupElements - 1; k++)
            {
                uint word = BinaryPrimitives.ReadUInt32LittleEndian(source[(sizeof(uint) * k)..]);
                // Element k begins with the last k bits of the word before. In two shifts: C# takes a shift by 32 for one by 0.
                uint element = ((previous >> 1 >> (BitsPerElement - k)) | (word << k)) & MersenneField.P;
                // Negative, as an int, only for p itself.
                invalid |= MersenneField.P - 1 - element;
                group[k] = element;
                previous = word;
            }
            group[GroupElements - 1] = previous >> 1;
            invalid |= MersenneField.P - 1 - (previous >> 1);
        }
        ulong pending = 0;
        int bits = 0, offset = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            for (; bits < BitsPerElement; bits += 8)
                pending |= (ulong)source[offset++] << bits;
            uint element = (uint)pending & MersenneField.P;
            pending >>= BitsPerElement;
            bits -= BitsPerElement;
            invalid |= MersenneField.P - 1 - element;
            elements[i] = element;
        }
        return invalid >> 31 == 0 && pending == 0;
    }

    internal static void Erase(Span<uint> elements) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(elements));
}
