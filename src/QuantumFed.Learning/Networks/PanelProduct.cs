using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace QuantumFed.Learning;

/// <summary>
/// The one matrix product that training consists of: C = S + A B, float32, where B is a panel of <see cref="Width"/> columns stored row by
/// row without gaps, so that it stays in the first-level cache and its rows are two vectors.
/// </summary>
/// <remarks>
/// <para>Lane layout: a tile is 4 rows of A times the panel, 8 accumulators of one vector. A fused multiply-add takes 4 cycles and two start
/// per cycle on current cores, so 8 independent sums are what keeps both units busy. A is read by broadcast, element (i, k) at
/// <c>i * rowStride + k * depthStride</c>, so A and its transpose need no copy.</para>
/// <para>The sum over k runs in order, one rounding per fused multiply-add (two where a machine has none): the same bits on one machine, last
/// bits that differ between machines.</para>
/// </remarks>
internal static class PanelProduct
{
    /// <summary>The rows of a tile; the rows of A must be a multiple.</summary>
    public const int TileRows = 4;

    /// <summary>The columns of a panel: two vectors of the machine's width.</summary>
    public static int Width => 2 * Vector<float>.Count;

    /// <summary>Computes rows x <see cref="Width"/> numbers.</summary>
    /// <param name="a">A, rows x depth, addressed by its strides.</param>
    /// <param name="rowStride">From a row of A to the next.</param>
    /// <param name="depthStride">From a column of A to the next.</param>
    /// <param name="panel">B, depth x <see cref="Width"/>.</param>
    /// <param name="start">S, a row of <see cref="Width"/> numbers every <paramref name="startStride"/>; may be <paramref name="c"/> itself.</param>
    /// <param name="startStride">From a row of S to the next; 0 adds one row, a bias, everywhere.</param>
    /// <param name="c">C, a row of <see cref="Width"/> numbers every <paramref name="stride"/>.</param>
    /// <param name="stride">From a row of C to the next.</param>
    /// <param name="rows">The rows of A and C, a multiple of <see cref="TileRows"/>.</param>
    /// <param name="depth">The columns of A and rows of B.</param>
    public static void Multiply(
        ReadOnlySpan<float> a, int rowStride, int depthStride, ReadOnlySpan<float> panel,
        ReadOnlySpan<float> start, int startStride, Span<float> c, int stride, int rows, int depth)
    {
        // The loops below address memory without checks: every address is at most one of these.
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows % TileRows, 0);
        if (rows == 0) return;
        if (depth > 0) _ = a[(rows - 1) * rowStride + (depth - 1) * depthStride];
        _ = panel[..(depth * Width)];
        _ = start.Slice((rows - 1) * startStride, Width);
        _ = c.Slice((rows - 1) * stride, Width);

        ref float aRow = ref MemoryMarshal.GetReference(a);
        ref float b = ref MemoryMarshal.GetReference(panel);
        ref float s = ref MemoryMarshal.GetReference(start);
        ref float destination = ref MemoryMarshal.GetReference(c);
        for (int i = 0; i < rows; i += TileRows)
        {
            Tile(ref aRow, rowStride, depthStride, ref b, ref s, startStride, ref destination, stride, depth);
            aRow = ref Unsafe.Add(ref aRow, TileRows * rowStride);
            s = ref Unsafe.Add(ref s, TileRows * startStride);
            destination = ref Unsafe.Add(ref destination, TileRows * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(
        ref float a, nint rowStride, nint depthStride, ref float b, ref float s, nint startStride, ref float c, nint stride, int depth)
    {
        nuint half = (nuint)Vector<float>.Count;
        nint width = 2 * Vector<float>.Count;
        ref float s1 = ref Unsafe.Add(ref s, startStride);
        ref float s2 = ref Unsafe.Add(ref s1, startStride);
        ref float s3 = ref Unsafe.Add(ref s2, startStride);
        Vector<float> c00 = Vector.LoadUnsafe(ref s), c01 = Vector.LoadUnsafe(ref s, half);
        Vector<float> c10 = Vector.LoadUnsafe(ref s1), c11 = Vector.LoadUnsafe(ref s1, half);
        Vector<float> c20 = Vector.LoadUnsafe(ref s2), c21 = Vector.LoadUnsafe(ref s2, half);
        Vector<float> c30 = Vector.LoadUnsafe(ref s3), c31 = Vector.LoadUnsafe(ref s3, half);
        for (; depth > 0; depth--)
        {
            Vector<float> b0 = Vector.LoadUnsafe(ref b), b1 = Vector.LoadUnsafe(ref b, half);
            Vector<float> broadcast = new(a);
            c00 = Vector.MultiplyAddEstimate(broadcast, b0, c00);
            c01 = Vector.MultiplyAddEstimate(broadcast, b1, c01);
            broadcast = new(Unsafe.Add(ref a, rowStride));
            c10 = Vector.MultiplyAddEstimate(broadcast, b0, c10);
            c11 = Vector.MultiplyAddEstimate(broadcast, b1, c11);
            broadcast = new(Unsafe.Add(ref a, 2 * rowStride));
            c20 = Vector.MultiplyAddEstimate(broadcast, b0, c20);
            c21 = Vector.MultiplyAddEstimate(broadcast, b1, c21);
            broadcast = new(Unsafe.Add(ref a, 3 * rowStride));
            c30 = Vector.MultiplyAddEstimate(broadcast, b0, c30);
            c31 = Vector.MultiplyAddEstimate(broadcast, b1, c31);
            a = ref Unsafe.Add(ref a, depthStride);
            b = ref Unsafe.Add(ref b, width);
        }

        ref float r1 = ref Unsafe.Add(ref c, stride);
        ref float r2 = ref Unsafe.Add(ref r1, stride);
        ref float r3 = ref Unsafe.Add(ref r2, stride);
        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, half);
        c10.StoreUnsafe(ref r1);
        c11.StoreUnsafe(ref r1, half);
        c20.StoreUnsafe(ref r2);
        c21.StoreUnsafe(ref r2, half);
        c30.StoreUnsafe(ref r3);
        c31.StoreUnsafe(ref r3, half);
    }
}
