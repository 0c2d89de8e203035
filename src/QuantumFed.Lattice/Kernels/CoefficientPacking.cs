using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    // A register holds 64 bytes where a group fills 49: the groups that lie 15 bytes or more before the end can be read and written whole.
    private const int RegisterSizeInBytes = 64;

    /// <summary>Packs residues below 2^49; their number is a multiple of eight, the destination's length 49/8 of it.</summary>
    internal static void Pack(ReadOnlySpan<ulong> residues, Span<byte> destination) => Pack(KernelPaths.Widest, residues, destination);

    internal static void Pack(KernelPath path, ReadOnlySpan<ulong> residues, Span<byte> destination)
    {
        RequireShape(residues.Length, destination.Length);
        if (path == KernelPath.Vector512 && Avx512Vbmi.IsSupported)
        {
            int groups = PackByRegisters(residues, destination);
            residues = residues[(groups * GroupCoefficients)..];
            destination = destination[(groups * GroupSizeInBytes)..];
        }
        else if (path == KernelPath.Vector256)
        {
            int groups = PackByFours(residues, destination);
            residues = residues[(groups * GroupCoefficients)..];
            destination = destination[(groups * GroupSizeInBytes)..];
        }
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
    internal static bool TryUnpack(ReadOnlySpan<byte> packed, Span<ulong> residues, ulong q) => TryUnpack(KernelPaths.Widest, packed, residues, q);

    internal static bool TryUnpack(KernelPath path, ReadOnlySpan<byte> packed, Span<ulong> residues, ulong q)
    {
        RequireShape(residues.Length, packed.Length);
        ulong tooLarge = 0;
        if (path == KernelPath.Vector512 && Avx512Vbmi.IsSupported)
        {
            int groups = UnpackByRegisters(packed, residues, q, out tooLarge);
            packed = packed[(groups * GroupSizeInBytes)..];
            residues = residues[(groups * GroupCoefficients)..];
        }
        else if (path == KernelPath.Vector256)
        {
            int groups = UnpackByFours(packed, residues, q, out tooLarge);
            packed = packed[(groups * GroupSizeInBytes)..];
            residues = residues[(groups * GroupCoefficients)..];
        }
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

    /// <summary>Whether every residue of a byte string of whole groups is below <paramref name="q"/>.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static bool AllBelow(KernelPath path, ReadOnlySpan<byte> packed, ulong q)
    {
        ulong tooLarge = 0;
        int start = 0;
        if (path == KernelPath.Vector512 && Avx512Vbmi.IsSupported)
        {
            ref byte from = ref MemoryMarshal.GetReference(packed);
            Vector512<ulong> largest = Vector512.Create(q - 1), over = Vector512<ulong>.Zero;
            int groups = WholeRegisters(packed.Length);
            for (int group = 0; group < groups; group++)
                over |= largest - Residues(ref from, group);
            tooLarge = AnyBit(over);
            start = groups * GroupCoefficients;
        }
        int count = packed.Length / GroupSizeInBytes * GroupCoefficients;
        for (int i = start; i < count; i++)
            tooLarge |= q - 1 - Residue(packed, i);
        return tooLarge >> 63 == 0;
    }

    /// <summary>Residue <paramref name="i"/> of a byte string of whole groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Residue(ReadOnlySpan<byte> packed, int i)
    {
        int group = i / GroupCoefficients * GroupSizeInBytes, place = i % GroupCoefficients;
        // The last one ends with the group: read the eight bytes that end there.
        return place < GroupCoefficients - 1
            ? (BinaryPrimitives.ReadUInt64LittleEndian(packed[(group + 6 * place)..]) >> place) & Mask
            : BinaryPrimitives.ReadUInt64LittleEndian(packed[(group + 41)..]) >> 15;
    }

    // Residue i, shifted left by i bits, fills bytes 6 i to 6 i + 6 of the group. Byte 6 i + 6 is also the first of residue i + 1: each register of
    // bytes takes six bytes of every residue, a second the seventh, and together they are the group.
    [MethodImpl(KernelMethod.Options)]
    private static int PackByRegisters(ReadOnlySpan<ulong> residues, Span<byte> destination)
    {
        ref ulong from = ref MemoryMarshal.GetReference(residues);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        int groups = WholeRegisters(destination.Length);
        for (int group = 0; group < groups; group++)
        {
            Vector512<byte> shifted = Avx512F.ShiftLeftLogicalVariable(
                Vector512.LoadUnsafe(ref from, (nuint)(group * GroupCoefficients)), BitOffsets).AsByte();
            Vector512<byte> six = Avx512Vbmi.PermuteVar64x8(shifted, FirstSixBytes), seventh = Avx512Vbmi.PermuteVar64x8(shifted, SeventhByte);
            (six | (seventh & SeventhMask)).StoreUnsafe(ref to, (nuint)(group * GroupSizeInBytes));
        }
        return groups;
    }

    [MethodImpl(KernelMethod.Options)]
    private static int UnpackByRegisters(ReadOnlySpan<byte> packed, Span<ulong> residues, ulong q, out ulong tooLarge)
    {
        ref byte from = ref MemoryMarshal.GetReference(packed);
        ref ulong to = ref MemoryMarshal.GetReference(residues);
        Vector512<ulong> largest = Vector512.Create(q - 1), over = Vector512<ulong>.Zero;
        int groups = WholeRegisters(packed.Length);
        for (int group = 0; group < groups; group++)
        {
            Vector512<ulong> values = Residues(ref from, group);
            over |= largest - values;
            values.StoreUnsafe(ref to, (nuint)(group * GroupCoefficients));
        }
        tooLarge = AnyBit(over);
        return groups;
    }

    private static ulong AnyBit(Vector512<ulong> words)
    {
        ulong bits = 0;
        for (int i = 0; i < Vector512<ulong>.Count; i++)
            bits |= words[i];
        return bits;
    }

    // Every 128 bits hold two residues, thirteen bytes of which the last is also the first of the next two: residues 0 and 1 of a group start at byte 0,
    // 2 and 3 at byte 12, 4 and 5 at 24, 6 and 7 at 36. Their stores reach byte 51, so the group after must follow and is written over it.
    [MethodImpl(KernelMethod.Options)]
    private static int PackByFours(ReadOnlySpan<ulong> residues, Span<byte> destination)
    {
        ref ulong from = ref MemoryMarshal.GetReference(residues);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        int groups = WholeRegisters(destination.Length);
        for (int group = 0; group < groups; group++)
        {
            nuint first = (nuint)(group * GroupCoefficients), at = (nuint)(group * GroupSizeInBytes);
            Vector256<byte> lower = Pairs(Avx2.ShiftLeftLogicalVariable(Vector256.LoadUnsafe(ref from, first), LowerBitOffsets));
            Vector256<byte> upper = Pairs(Avx2.ShiftLeftLogicalVariable(Vector256.LoadUnsafe(ref from, first + 4), UpperBitOffsets));
            // The thirteenth byte of each pair, moved to the front of the next.
            Vector256<byte> lowerCarry = Avx2.ShiftRightLogical128BitLane(Avx2.Permute2x128(lower, lower, 0x08), 12);
            Vector256<byte> upperCarry = Avx2.ShiftRightLogical128BitLane(Avx2.Permute2x128(lower, upper, 0x21), 12);
            lower |= lowerCarry;
            upper |= upperCarry;
            lower.GetLower().StoreUnsafe(ref to, at);
            lower.GetUpper().StoreUnsafe(ref to, at + 12);
            upper.GetLower().StoreUnsafe(ref to, at + 24);
            upper.GetUpper().StoreUnsafe(ref to, at + 36);
        }
        return groups;
    }

    /// <summary>Of each two shifted residues, bytes 0 to 6 of the first and bytes 0 to 6 of the second from byte 6 on, three zeros after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Pairs(Vector256<ulong> shifted) =>
        Avx2.Shuffle(shifted.AsByte(), Twice(Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 255, 255, 255)))
        | Avx2.Shuffle(shifted.AsByte(), Twice(Vector128.Create((byte)255, 255, 255, 255, 255, 255, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255)));

    [MethodImpl(KernelMethod.Options)]
    private static int UnpackByFours(ReadOnlySpan<byte> packed, Span<ulong> residues, ulong q, out ulong tooLarge)
    {
        ref byte from = ref MemoryMarshal.GetReference(packed);
        ref ulong to = ref MemoryMarshal.GetReference(residues);
        Vector256<ulong> largest = Vector256.Create(q - 1), over = Vector256<ulong>.Zero, mask = Vector256.Create(Mask);
        Vector256<byte> eachEight = Twice(Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9, 10, 11, 12, 13));
        int groups = WholeRegisters(packed.Length);
        for (int group = 0; group < groups; group++)
        {
            nuint at = (nuint)(group * GroupSizeInBytes), first = (nuint)(group * GroupCoefficients);
            var lowerBytes = Vector256.Create(Vector128.LoadUnsafe(ref from, at), Vector128.LoadUnsafe(ref from, at + 12));
            var upperBytes = Vector256.Create(Vector128.LoadUnsafe(ref from, at + 24), Vector128.LoadUnsafe(ref from, at + 36));
            Vector256<ulong> lower = Avx2.ShiftRightLogicalVariable(Avx2.Shuffle(lowerBytes, eachEight).AsUInt64(), LowerBitOffsets) & mask;
            Vector256<ulong> upper = Avx2.ShiftRightLogicalVariable(Avx2.Shuffle(upperBytes, eachEight).AsUInt64(), UpperBitOffsets) & mask;
            over |= (largest - lower) | (largest - upper);
            lower.StoreUnsafe(ref to, first);
            upper.StoreUnsafe(ref to, first + 4);
        }
        tooLarge = over[0] | over[1] | over[2] | over[3];
        return groups;
    }

    private static Vector256<byte> Twice(Vector128<byte> x) => Vector256.Create(x, x);

    private static Vector256<ulong> LowerBitOffsets => Vector256.Create(0UL, 1, 2, 3);

    private static Vector256<ulong> UpperBitOffsets => Vector256.Create(4UL, 5, 6, 7);

    /// <summary>The eight residues of a group, of which 64 bytes can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<ulong> Residues(ref byte packed, int group)
    {
        Vector512<byte> bytes = Vector512.LoadUnsafe(ref packed, (nuint)(group * GroupSizeInBytes));
        Vector512<ulong> words = Avx512Vbmi.PermuteVar64x8(bytes, EightBytes).AsUInt64();
        return Avx512F.ShiftRightLogicalVariable(words, BitOffsets) & Vector512.Create(Mask);
    }

    /// <summary>How many groups of so many bytes can be read and written as whole registers.</summary>
    internal static int WholeRegisters(int bytes) => bytes < RegisterSizeInBytes ? 0 : (bytes - RegisterSizeInBytes) / GroupSizeInBytes + 1;

    private static Vector512<ulong> BitOffsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
    }

    // The JIT takes a property with so many arguments for too large to inline, and would call it for every group.

    /// <summary>Byte 6 i + k of the group comes from byte k of residue i, 8 i + k; the last residue gives all of its seven.</summary>
    private static Vector512<byte> FirstSixBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29, 32, 33, 34, 35, 36, 37, 40, 41, 42, 43, 44, 45,
            48, 49, 50, 51, 52, 53, 56, 57, 58, 59, 60, 61, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63);
    }

    /// <summary>Byte 6 i + 6 comes from byte 6 of residue i.</summary>
    private static Vector512<byte> SeventhByte
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0, 30, 0, 0, 0, 0, 0, 38, 0, 0, 0, 0, 0,
            46, 0, 0, 0, 0, 0, 54, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Vector512<byte> SeventhMask
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0,
            255, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>Bytes 6 i to 6 i + 7 of the group hold residue i from bit i on.</summary>
    private static Vector512<byte> EightBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17, 18, 19, 18, 19, 20, 21, 22, 23, 24, 25,
            24, 25, 26, 27, 28, 29, 30, 31, 30, 31, 32, 33, 34, 35, 36, 37, 36, 37, 38, 39, 40, 41, 42, 43, 42, 43, 44, 45, 46, 47, 48, 49);
    }

    private static void RequireShape(int residues, int bytes)
    {
        if (residues % GroupCoefficients != 0 || bytes != residues / GroupCoefficients * GroupSizeInBytes)
            throw new ArgumentException($"{residues} residues do not fill {bytes} bytes.");
    }
}
