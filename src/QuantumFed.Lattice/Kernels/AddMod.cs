using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>(x + y) mod q, for x, y in [0, q) and q &lt; 2^63. No branch sees a residue.</summary>
internal readonly struct AddMod : IResidueOperator
{
    // s = x + y - q is in [-q, q): its sign tells whether q has to come back. Not Math.Min, of which the compiler makes a branch in a loop.
    public static ulong Invoke(ulong x, ulong y, ulong q)
    {
        ulong s = x + y - q;
        return s + (q & (ulong)((long)s >> 63));
    }

    // x + y < 2q < 2^64 does not wrap. If the sum s is below q then s - q wraps to at least 2^64 - q > s, so the unsigned minimum is
    // the reduced sum in both cases.
    public static Vector128<ulong> Invoke(Vector128<ulong> x, Vector128<ulong> y, Vector128<ulong> q) => Vector128.Min(x + y, x + y - q);

    public static Vector256<ulong> Invoke(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> q) => Vector256.Min(x + y, x + y - q);

    public static Vector512<ulong> Invoke(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> q) => Vector512.Min(x + y, x + y - q);
}
