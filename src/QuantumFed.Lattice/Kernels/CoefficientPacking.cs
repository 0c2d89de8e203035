using System.Buffers.Binary;

namespace QuantumFed.Lattice;

/// <summary>Residues of 49 bits, packed without gaps, little-endian: residue i fills bits 49 i to 49 i + 48 of the byte string.</summary>
/// <remarks>Eight residues fill 49 bytes, and residue i of such a group starts at byte 6 i, bit i: one unaligned 64-bit access each.
/// A multiple of eight residues leaves no padding bits.</remarks>
internal static class CoefficientPacking
{
    internal const int Bits = 49;
    internal const int GroupCoefficients = 8;
    internal const int GroupSizeInBytes = 49;
    private const ulong Mask = (1UL << Bits) - 1;

    /// <summary>Packs residues below 2^49; their number is a multiple of eight, the destination's length 49/8 of it.</summary>
    internal static void Pack(ReadOnlySpan<ulong> residues, Span<byte> destination)
    {
        RequireShape(residues.Length, destination.Length);
        for (; !residues.IsEmpty; residues = residues[GroupCoefficients..], destination = destination[GroupSizeInBytes..])
        {
            ulong previous = 0;
            for (int i = 0; i < GroupCoefficients - 1; i++)
            {
                // The upper bits of the residue before spill into this word; the next write repeats what spills from here.
                BinaryPrimitives.WriteUInt64LittleEndian(destination[(6 * i)..], (residues[i] << i) | previous);
                previous = (residues[i] << i) >> 48;
            }
            ulong last = (residues[7] << 7) | previous;
            BinaryPrimitives.WriteUInt32LittleEndian(destination[42..], (uint)last);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[46..], (ushort)(last >> 32));
            destination[48] = (byte)(last >> 48);
        }
    }

    /// <summary>Unpacks and tells whether every residue is below <paramref name="q"/>.</summary>
    internal static bool TryUnpack(ReadOnlySpan<byte> packed, Span<ulong> residues, ulong q)
    {
        RequireShape(residues.Length, packed.Length);
        ulong tooLarge = 0;
        for (; !residues.IsEmpty; residues = residues[GroupCoefficients..], packed = packed[GroupSizeInBytes..])
        {
            for (int i = 0; i < GroupCoefficients - 1; i++)
            {
                ulong residue = (BinaryPrimitives.ReadUInt64LittleEndian(packed[(6 * i)..]) >> i) & Mask;
                tooLarge |= q - 1 - residue;
                residues[i] = residue;
            }
            // The last one ends with the group: read the eight bytes that end there.
            ulong last = BinaryPrimitives.ReadUInt64LittleEndian(packed[41..]) >> 15;
            tooLarge |= q - 1 - last;
            residues[7] = last;
        }
        return tooLarge >> 63 == 0;
    }

    private static void RequireShape(int residues, int bytes)
    {
        if (residues % GroupCoefficients != 0 || bytes != residues / GroupCoefficients * GroupSizeInBytes)
            throw new ArgumentException($"{residues} residues do not fill {bytes} bytes.");
    }
}
