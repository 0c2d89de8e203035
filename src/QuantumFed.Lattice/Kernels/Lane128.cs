using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>Two elements in a register of Advanced SIMD (ARM64) or SSE with fused multiply-add (x86).</summary>
/// <remarks>Nothing here names a processor, so that the tests on x86 run what ARM64 runs; there the compiler makes FMUL, FMLA, FNEG, FSUB and FADD on 2D
/// registers of the formulas, each rounding as IEEE 754 says, and DUP and INS of the transposition.</remarks>
internal readonly unsafe struct Lane128 : ILane<Vector128<double>>
{
    public static int Count => 2;

    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    public static Vector128<double> Load(double* source) => Vector128.Load(source);

    public static void Store(Vector128<double> x, double* destination) => x.Store(destination);

    public static Vector128<double> Add(Vector128<double> x, Vector128<double> y) => x + y;

    public static Vector128<double> Subtract(Vector128<double> x, Vector128<double> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyMod(Vector128<double> x, Vector128<double> w, Vector128<double> wOverQ, Vector128<double> q)
    {
        Vector128<double> magic = Vector128.Create(ILane<double>.RoundingMagic);
        Vector128<double> h = x * w;
        Vector128<double> k = Vector128.FusedMultiplyAdd(x, wOverQ, magic) - magic;
        Vector128<double> l = Vector128.FusedMultiplyAdd(x, w, -h);
        return Vector128.FusedMultiplyAdd(-k, q, h) + l;
    }

    public static void StoreResidues(Vector128<double> x, ulong q, ulong* destination)
    {
        Vector128<double> magic = Vector128.Create(ILane<double>.RoundingMagic);
        Vector128<long> r = (x + magic).AsInt64() - magic.AsInt64();
        (r + (Vector128.LessThan(r, Vector128<long>.Zero) & Vector128.Create((long)q))).AsUInt64().Store(destination);
    }

    public static void TransposeRows(
        ref Vector128<double> a0, ref Vector128<double> a1, ref Vector128<double> a2, ref Vector128<double> a3,
        ref Vector128<double> a4, ref Vector128<double> a5, ref Vector128<double> a6, ref Vector128<double> a7) =>
        throw new NotSupportedException();

    public static void TransposeSquare(double* square)
    {
        // Pieces of 2 by 2; the two at places mirrored in the diagonal change places.
        for (int row = 0; row < 8; row += 2)
        {
            TransposePieces(square + 9 * row, square + 9 * row);
            for (int column = 0; column < row; column += 2)
                TransposePieces(square + 8 * row + column, square + 8 * column + row);
        }
    }

    /// <summary>Two pieces of two rows of two elements, eight apart, each to the other's place; or one piece in its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposePieces(double* first, double* second)
    {
        Vector128<double> a = Vector128.Load(first), b = Vector128.Load(first + 8), c = Vector128.Load(second), d = Vector128.Load(second + 8);
        Vector128.Create(a.ToScalar(), b.ToScalar()).Store(second);
        Vector128.Create(a.GetElement(1), b.GetElement(1)).Store(second + 8);
        Vector128.Create(c.ToScalar(), d.ToScalar()).Store(first);
        Vector128.Create(c.GetElement(1), d.GetElement(1)).Store(first + 8);
    }
}
