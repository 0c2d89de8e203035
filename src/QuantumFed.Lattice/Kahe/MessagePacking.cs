using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>How a block's values lie in its coefficients: reserved zeros, the count, then L lanes of w bits to a coefficient.</summary>
internal static class MessagePacking
{
    /// <summary>Writes one block's message over <paramref name="coefficients"/>, which are zero. Loops and shifts depend on lengths only.</summary>
    internal static void Pack(KaheParameters parameters, ReadOnlySpan<uint> values, Span<ulong> coefficients) =>
        Pack(KernelPaths.Widest, parameters, values, coefficients);

    internal static void Pack(KernelPath path, KaheParameters parameters, ReadOnlySpan<uint> values, Span<ulong> coefficients)
    {
        int lanes = parameters.Lanes, width = parameters.LaneWidth;
        coefficients[parameters.CountCoefficient] = 1;
        Span<ulong> slots = coefficients[parameters.FirstValueCoefficient..];
        int whole = values.Length / lanes;
        int slot = path == KernelPath.Vector512 && lanes == 2 ? PackPairs(values, slots[..whole], width) : 0;
        for (; slot < whole; slot++)
        {
            ReadOnlySpan<uint> group = values.Slice(slot * lanes, lanes);
            ulong packed = 0;
            for (int lane = 0; lane < group.Length; lane++)
                packed |= (ulong)group[lane] << (lane * width);
            slots[slot] = packed;
        }
        for (int i = whole * lanes; i < values.Length; i++)
            slots[whole] |= (ulong)values[i] << (i % lanes * width);
    }

    /// <summary>Reads the lanes of one block's summed message into <paramref name="sums"/>, as many as it is long; of the others nothing.</summary>
    /// <param name="path">The kernels' width.</param>
    /// <param name="parameters">Fix lanes and widths.</param>
    /// <param name="coefficients">The whole message, each in [0, T).</param>
    /// <param name="sums">Receives the values, at most a block's.</param>
    /// <returns>The largest value read.</returns>
    internal static ulong Unpack(KernelPath path, KaheParameters parameters, ReadOnlySpan<ulong> coefficients, Span<ulong> sums)
    {
        int lanes = parameters.Lanes;
        ReadOnlySpan<ulong> slots = coefficients[parameters.FirstValueCoefficient..];
        ulong largest = 0;
        int i = path == KernelPath.Vector512 && lanes == 2 ? UnpackPairs(slots, sums, parameters.LaneWidth, out largest) : 0;
        for (; i < sums.Length; i++)
        {
            ulong value = Lane(parameters, slots[i / lanes], i % lanes);
            largest = Math.Max(largest, value);
            sums[i] = value;
        }
        return largest;
    }

    /// <summary>One lane of a summed message's coefficient.</summary>
    internal static ulong Lane(KaheParameters parameters, ulong coefficient, int lane) =>
        (coefficient >> (lane * parameters.LaneWidth)) & ((1UL << parameters.LaneWidth) - 1);

    // Two neighbouring 32-bit values are the halves of one 64-bit element; the upper moves down to bit w.
    [MethodImpl(KernelMethod.Options)]
    private static int PackPairs(ReadOnlySpan<uint> values, Span<ulong> slots, int width)
    {
        ref ulong pairs = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<uint, ulong>(values[..(2 * slots.Length)]));
        ref ulong slot = ref MemoryMarshal.GetReference(slots);
        Vector512<ulong> lower = Vector512.Create((ulong)uint.MaxValue);
        int i = 0;
        for (; i + 8 <= slots.Length; i += 8)
        {
            Vector512<ulong> pair = Vector512.LoadUnsafe(ref pairs, (nuint)i);
            ((pair & lower) | ((pair >> 32) << width)).StoreUnsafe(ref slot, (nuint)i);
        }
        return i;
    }

    [MethodImpl(KernelMethod.Options)]
    private static int UnpackPairs(ReadOnlySpan<ulong> slots, Span<ulong> sums, int width, out ulong largest)
    {
        ref ulong slot = ref MemoryMarshal.GetReference(slots), sum = ref MemoryMarshal.GetReference(sums);
        Vector512<ulong> mask = Vector512.Create((1UL << width) - 1), most = Vector512<ulong>.Zero;
        int i = 0;
        for (; 2 * i + 16 <= sums.Length; i += 8)
        {
            Vector512<ulong> both = Vector512.LoadUnsafe(ref slot, (nuint)i);
            Vector512<ulong> first = both & mask, second = (both >> width) & mask;
            most = Vector512.Max(most, Vector512.Max(first, second));
            Avx512F.PermuteVar8x64x2(first, FirstFour, second).StoreUnsafe(ref sum, (nuint)(2 * i));
            Avx512F.PermuteVar8x64x2(first, LastFour, second).StoreUnsafe(ref sum, (nuint)(2 * i + 8));
        }
        largest = 0;
        for (int lane = 0; lane < Vector512<ulong>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        return 2 * i;
    }

    private static Vector512<ulong> FirstFour
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11);
    }

    private static Vector512<ulong> LastFour
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15);
    }
}
