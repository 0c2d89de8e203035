using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Four elements in an AVX2 register.</summary>
internal readonly unsafe struct Lane256 : ILane<Vector256<double>>
{
    public static int Count => 4;

    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    public static void Store(Vector256<double> x, double* destination) => x.Store(destination);

    public static Vector256<double> Add(Vector256<double> x, Vector256<double> y) => x + y;

    public static Vector256<double> Subtract(Vector256<double> x, Vector256<double> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyMod(Vector256<double> x, Vector256<double> w, Vector256<double> wOverQ, Vector256<double> q)
    {
        Vector256<double> magic = Vector256.Create(ILane<double>.RoundingMagic);
        Vector256<double> h = x * w;
        Vector256<double> k = Vector256.FusedMultiplyAdd(x, wOverQ, magic) - magic;
        Vector256<double> l = Vector256.FusedMultiplyAdd(x, w, -h);
        return Vector256.FusedMultiplyAdd(-k, q, h) + l;
    }

    public static void StoreResidues(Vector256<double> x, ulong q, ulong* destination)
    {
        Vector256<double> magic = Vector256.Create(ILane<double>.RoundingMagic);
        Vector256<long> r = (x + magic).AsInt64() - magic.AsInt64();
        (r + (Vector256.LessThan(r, Vector256<long>.Zero) & Vector256.Create((long)q))).AsUInt64().Store(destination);
    }

    public static void TransposeRows(
        ref Vector256<double> a0, ref Vector256<double> a1, ref Vector256<double> a2, ref Vector256<double> a3,
        ref Vector256<double> a4, ref Vector256<double> a5, ref Vector256<double> a6, ref Vector256<double> a7) =>
        throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeSquare(double* square)
    {
        // Four 4 by 4 quarters; the two off the diagonal change places.
        Quarter upperLeft = Quarter.Load(square).Transposed(), upperRight = Quarter.Load(square + 4).Transposed();
        Quarter lowerLeft = Quarter.Load(square + 32).Transposed(), lowerRight = Quarter.Load(square + 36).Transposed();
        upperLeft.Store(square);
        lowerLeft.Store(square + 4);
        upperRight.Store(square + 32);
        lowerRight.Store(square + 36);
    }

    /// <summary>Four rows of four elements, eight apart.</summary>
    private readonly struct Quarter(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
    {
        private readonly Vector256<double> _a = a, _b = b, _c = c, _d = d;

        internal static Quarter Load(double* p) =>
            new(Vector256.Load(p), Vector256.Load(p + 8), Vector256.Load(p + 16), Vector256.Load(p + 24));

        internal void Store(double* p)
        {
            _a.Store(p);
            _b.Store(p + 8);
            _c.Store(p + 16);
            _d.Store(p + 24);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Quarter Transposed()
        {
            Vector256<double> ab0 = Avx.UnpackLow(_a, _b), ab1 = Avx.UnpackHigh(_a, _b);
            Vector256<double> cd0 = Avx.UnpackLow(_c, _d), cd1 = Avx.UnpackHigh(_c, _d);
            return new(
                Avx.Permute2x128(ab0, cd0, 0x20), Avx.Permute2x128(ab1, cd1, 0x20), Avx.Permute2x128(ab0, cd0, 0x31), Avx.Permute2x128(ab1, cd1, 0x31));
        }
    }
}
