using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>x w mod q: |x| &lt;= 2^52 and |w| &lt;= q/2 give |product| &lt;= (1/2 + |x| 2^-55) q, at most 5/8 q (see <see cref="ILane{TVector}"/>).</summary>
internal readonly struct Product : IProductOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TLane, TVector>(TVector x, TVector w, TVector wOverQ, TVector old, TVector q)
        where TLane : struct, ILane<TVector>
        where TVector : struct => TLane.MultiplyMod(x, w, wOverQ, q);
}
