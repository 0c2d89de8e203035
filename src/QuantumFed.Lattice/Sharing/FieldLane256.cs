using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Eight elements of F_p in four 64-bit lanes: AVX2.</summary>
internal readonly struct FieldLane256 : IFieldLane<Vector256<ulong>>
{
    public static int Count => Vector256<uint>.Count;

    private static Vector256<ulong> P => Vector256.Create((ulong)MersenneField.P);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Broadcast(uint value) => Vector256.Create((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Load(ref uint source) => Vector256.LoadUnsafe(ref source).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ulong> x, ref uint destination) => x.AsUInt32().StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> High(Vector256<ulong> x) => x >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> MultiplyAdd(Vector256<ulong> sum, Vector256<ulong> x, Vector256<ulong> y) => sum + Avx2.Multiply(x.AsUInt32(), y.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Fold(Vector256<ulong> x) => (x & P) + (x >>> 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Reduce(Vector256<ulong> even, Vector256<ulong> odd)
    {
        // Folded twice, below 2^31 + 2^3: it fits the low half, and one p less at most is the element.
        Vector256<uint> x = (Fold(Fold(even)) | (Fold(Fold(odd)) << 32)).AsUInt32();
        return Vector256.Min(x, x - Vector256.Create(MersenneField.P)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> AddMod(Vector256<ulong> x, Vector256<ulong> y)
    {
        // x + y < 2^32 does not wrap; below p, s - p wraps to more than s.
        Vector256<uint> sum = x.AsUInt32() + y.AsUInt32();
        return Vector256.Min(sum, sum - Vector256.Create(MersenneField.P)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SumOfLanes(Vector256<ulong> x) => Vector256.Sum(x);
}
