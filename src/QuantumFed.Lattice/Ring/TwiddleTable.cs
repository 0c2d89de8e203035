using System.Runtime.InteropServices;

namespace QuantumFed.Lattice;

/// <summary>Constants to multiply by: w, centred, and w/q rounded to a double.</summary>
/// <remarks>Both start at a multiple of 64 bytes, a cache line, because a vector of 512 bits that lies across two lines is read as two.</remarks>
internal sealed unsafe class TwiddleTable
{
    private const int LineSizeInBytes = 64;

    // Elements between the two halves: without them, w and w/q at one place would compete for one set of the cache.
    private const int Skew = 5 * LineSizeInBytes / sizeof(double);

    // Pinned for as long as the table lives, and whoever has the pointers holds the table.
    private readonly double[] _storage;

    private TwiddleTable(int count)
    {
        _storage = GC.AllocateArray<double>(2 * count + Skew + LineSizeInBytes / sizeof(double), pinned: true);
        nuint start = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0);
        Values = (double*)((start + LineSizeInBytes - 1) & ~(nuint)(LineSizeInBytes - 1));
        OverQ = Values + count + Skew;
    }

    /// <summary>w in [-(q-1)/2, (q-1)/2], exact.</summary>
    internal double* Values { get; }

    /// <summary>fl(w/q).</summary>
    internal double* OverQ { get; }

    internal static TwiddleTable Of(Modulus modulus, ReadOnlySpan<ulong> residues)
    {
        var table = new TwiddleTable(residues.Length);
        for (int i = 0; i < residues.Length; i++)
        {
            table.Values[i] = modulus.Centre(residues[i]);
            table.OverQ[i] = table.Values[i] / modulus.Value;
        }
        return table;
    }
}
