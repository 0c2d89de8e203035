using System.Runtime.Intrinsics;

namespace QuantumFed.Qkd;

/// <summary>A Toeplitz matrix over GF(2) times a vector, both in whole words, by Karatsuba's method for such products (Fan and Hasan, 2007).</summary>
/// <remarks>
/// With words of the vector stored last first, block (r, c) of size W needs the matrix's window of 2W words that starts at (r + c) W. For halves v0, v1
/// in stored order and windows T0, T1, T2 at 0, W/2, W of a block:
/// y0 = T0 v0 + T1 v1 and y1 = T1 v0 + T2 v1, so with P = T1 (v0 + v1): y0 = P + (T0 + T1) v0 and y1 = P + (T1 + T2) v1. Three half products
/// instead of four, and unlike Karatsuba's method for full products none of it computes what a hash throws away.
/// </remarks>
internal readonly struct ToeplitzProduct
{
    // What sums of windows and halves cost beside a leaf, in words of its side; measured.
    private const int LeafOverhead = 8;

    private readonly ToeplitzPath _path;
    private readonly int _leaf;
    private readonly int _levels;

    private ToeplitzProduct(ToeplitzPath path, int leaf, int levels, int rows, int columns)
    {
        _path = path;
        _leaf = leaf;
        _levels = levels;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>The words of a block's side.</summary>
    internal int Block => _leaf << _levels;

    internal int Rows { get; }

    internal int Columns { get; }

    /// <summary>The words <see cref="Accumulate"/> needs to work in.</summary>
    internal int ScratchWords => 4 * Block;

    /// <summary>The way to multiply that costs least for a matrix of so many words in height and width.</summary>
    internal static ToeplitzProduct Plan(ToeplitzPath path, int outputWords, int inputWords)
    {
        ToeplitzProduct best = default;
        double least = double.PositiveInfinity;
        // Measured: below 16 words the registers of 512 bits do not pay, above 31 the schoolbook product does not.
        int smallest = path == ToeplitzPath.Vector512 ? 2 : 1;
        for (int granules = smallest; granules < 2 * smallest; granules++)
        {
            int leaf = granules * ToeplitzKernel.Granule;
            for (int levels = 0; levels == 0 || leaf << (levels - 1) < inputWords; levels++)
            {
                int block = leaf << levels, rows = (outputWords + block - 1) / block, columns = (inputWords + block - 1) / block;
                double cost = (double)rows * columns * Math.Pow(3, levels) * (leaf * (leaf + LeafOverhead));
                if (cost < least)
                    (least, best) = (cost, new ToeplitzProduct(path, leaf, levels, rows, columns));
            }
        }
        return best;
    }

    /// <summary>y ^= T v.</summary>
    /// <param name="y">Rows x Block words.</param>
    /// <param name="t">(Rows + Columns) x Block words.</param>
    /// <param name="v">Columns x Block words, the last one first.</param>
    /// <param name="scratch"><see cref="ScratchWords"/> words; left with sums of the vector's words.</param>
    internal void Accumulate(Span<ulong> y, ReadOnlySpan<ulong> t, ReadOnlySpan<ulong> v, Span<ulong> scratch)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                AccumulateBlock(y.Slice(row * Block, Block), t.Slice((row + column) * Block, 2 * Block), v.Slice(column * Block, Block), scratch);
        }
    }

    private void AccumulateBlock(Span<ulong> y, ReadOnlySpan<ulong> t, ReadOnlySpan<ulong> v, Span<ulong> scratch)
    {
        if (v.Length == _leaf)
        {
            ToeplitzKernel.Accumulate(_path, y, t, v);
            return;
        }
        int half = v.Length / 2;
        Span<ulong> window = scratch[..(2 * half)], vector = scratch.Slice(2 * half, half), product = scratch.Slice(3 * half, half), rest = scratch[(4 * half)..];
        Sum(v[..half], v[half..], vector);
        product.Clear();
        AccumulateBlock(product, t.Slice(half, 2 * half), vector, rest);
        AddTo(product, y[..half], y[half..]);
        Sum(t[..(2 * half)], t.Slice(half, 2 * half), window);
        AccumulateBlock(y[..half], window, v[..half], rest);
        Sum(t.Slice(half, 2 * half), t[(2 * half)..], window);
        AccumulateBlock(y[half..], window, v[half..], rest);
    }

    // Lengths are multiples of 8 words.
    private static void Sum(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y, Span<ulong> sum)
    {
        for (int i = 0; i < sum.Length; i += Vector512<ulong>.Count)
            (Vector512.Create(x[i..]) ^ Vector512.Create(y[i..])).CopyTo(sum[i..]);
    }

    private static void AddTo(ReadOnlySpan<ulong> product, Span<ulong> y0, Span<ulong> y1)
    {
        for (int i = 0; i < product.Length; i += Vector512<ulong>.Count)
        {
            Vector512<ulong> added = Vector512.Create(product[i..]);
            (Vector512.Create<ulong>(y0[i..]) ^ added).CopyTo(y0[i..]);
            (Vector512.Create<ulong>(y1[i..]) ^ added).CopyTo(y1[i..]);
        }
    }
}
