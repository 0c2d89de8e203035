using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>(x - y) mod q, for x, y in [0, q) and q &lt; 2^63. No branch sees a residue.</summary>
internal readonly struct SubtractMod : IResidueOperator
{
    // d = x - y is in (-q, q): its sign tells whether q has to be added. Not Math.Min, of which the compiler makes a branch in a loop.
    public static ulong Invoke(ulong x, ulong y, ulong q)
    {
        ulong d = x - y;
        return d + (q & (ulong)((long)d >> 63));
    }

    // If x >= y then d = x - y < q and d + q > d. Otherwise d wraps to at least 2^64 - q, and d + q wraps back below q: the minimum.
    public static Vector128<ulong> Invoke(Vector128<ulong> x, Vector128<ulong> y, Vector128<ulong> q) => Vector128.Min(x - y, x - y + q);

    public static Vector256<ulong> Invoke(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> q) => Vector256.Min(x - y, x - y + q);

    public static Vector512<ulong> Invoke(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> q) => Vector512.Min(x - y, x - y + q);
}
