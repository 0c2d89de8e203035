using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Sixteen elements of F_p in eight 64-bit lanes: AVX-512.</summary>
internal readonly struct FieldLane512 : IFieldLane<Vector512<ulong>>
{
    public static int Count => Vector512<uint>.Count;

    private static Vector512<ulong> P => Vector512.Create((ulong)MersenneField.P);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Broadcast(uint value) => Vector512.Create((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(ref uint source) => Vector512.LoadUnsafe(ref source).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<ulong> x, ref uint destination) => x.AsUInt32().StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> High(Vector512<ulong> x) => x >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> MultiplyAdd(Vector512<ulong> sum, Vector512<ulong> x, Vector512<ulong> y) => sum + Avx512F.Multiply(x.AsUInt32(), y.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Fold(Vector512<ulong> x) => (x & P) + (x >>> 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Reduce(Vector512<ulong> even, Vector512<ulong> odd)
    {
        // Folded twice, below 2^31 + 2^3: it fits the low half, and one p less at most is the element.
        Vector512<uint> x = (Fold(Fold(even)) | (Fold(Fold(odd)) << 32)).AsUInt32();
        return Vector512.Min(x, x - Vector512.Create(MersenneField.P)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> AddMod(Vector512<ulong> x, Vector512<ulong> y)
    {
        // x + y < 2^32 does not wrap; below p, s - p wraps to more than s.
        Vector512<uint> sum = x.AsUInt32() + y.AsUInt32();
        return Vector512.Min(sum, sum - Vector512.Create(MersenneField.P)).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SumOfLanes(Vector512<ulong> x) => Vector512.Sum(x);
}
