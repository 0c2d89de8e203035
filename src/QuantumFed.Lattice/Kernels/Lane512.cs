using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Eight elements in an AVX-512 register.</summary>
internal readonly unsafe struct Lane512 : ILane<Vector512<double>>
{
    public static int Count => 8;

    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    public static void Store(Vector512<double> x, double* destination) => x.Store(destination);

    public static Vector512<double> Add(Vector512<double> x, Vector512<double> y) => x + y;

    public static Vector512<double> Subtract(Vector512<double> x, Vector512<double> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyMod(Vector512<double> x, Vector512<double> w, Vector512<double> wOverQ, Vector512<double> q)
    {
        Vector512<double> magic = Vector512.Create(ILane<double>.RoundingMagic);
        Vector512<double> h = x * w;
        Vector512<double> k = Vector512.FusedMultiplyAdd(x, wOverQ, magic) - magic;
        Vector512<double> l = Vector512.FusedMultiplyAdd(x, w, -h);
        return Vector512.FusedMultiplyAdd(-k, q, h) + l;
    }

    public static void StoreResidues(Vector512<double> x, ulong q, ulong* destination)
    {
        Vector512<double> magic = Vector512.Create(ILane<double>.RoundingMagic);
        Vector512<long> r = (x + magic).AsInt64() - magic.AsInt64();
        (r + (Vector512.LessThan(r, Vector512<long>.Zero) & Vector512.Create((long)q))).AsUInt64().Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeRows(
        ref Vector512<double> a0, ref Vector512<double> a1, ref Vector512<double> a2, ref Vector512<double> a3,
        ref Vector512<double> a4, ref Vector512<double> a5, ref Vector512<double> a6, ref Vector512<double> a7)
    {
        // Pairs of rows interleaved: even columns in e, odd ones in o, each 128 bits holding one column of two rows.
        Vector512<double> e0 = Avx512F.UnpackLow(a0, a1), o0 = Avx512F.UnpackHigh(a0, a1), e1 = Avx512F.UnpackLow(a2, a3), o1 = Avx512F.UnpackHigh(a2, a3);
        Vector512<double> e2 = Avx512F.UnpackLow(a4, a5), o2 = Avx512F.UnpackHigh(a4, a5), e3 = Avx512F.UnpackLow(a6, a7), o3 = Avx512F.UnpackHigh(a6, a7);

        // Then a 4 by 4 transposition of those 128-bit pieces, twice: even and odd columns.
        TransposePieces(e0, e1, e2, e3, out a0, out a2, out a4, out a6);
        TransposePieces(o0, o1, o2, o3, out a1, out a3, out a5, out a7);
    }

    public static void TransposeSquare(double* square)
    {
        Vector512<double> a0 = Load(square), a1 = Load(square + 8), a2 = Load(square + 16), a3 = Load(square + 24);
        Vector512<double> a4 = Load(square + 32), a5 = Load(square + 40), a6 = Load(square + 48), a7 = Load(square + 56);
        TransposeRows(ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7);
        a0.Store(square);
        a1.Store(square + 8);
        a2.Store(square + 16);
        a3.Store(square + 24);
        a4.Store(square + 32);
        a5.Store(square + 40);
        a6.Store(square + 48);
        a7.Store(square + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposePieces(
        Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d,
        out Vector512<double> first, out Vector512<double> second, out Vector512<double> third, out Vector512<double> fourth)
    {
        Vector512<double> ab02 = Avx512F.Shuffle4x128(a, b, 0b10_00_10_00), ab13 = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
        Vector512<double> cd02 = Avx512F.Shuffle4x128(c, d, 0b10_00_10_00), cd13 = Avx512F.Shuffle4x128(c, d, 0b11_01_11_01);
        first = Avx512F.Shuffle4x128(ab02, cd02, 0b10_00_10_00);
        second = Avx512F.Shuffle4x128(ab13, cd13, 0b10_00_10_00);
        third = Avx512F.Shuffle4x128(ab02, cd02, 0b11_01_11_01);
        fourth = Avx512F.Shuffle4x128(ab13, cd13, 0b11_01_11_01);
    }
}
