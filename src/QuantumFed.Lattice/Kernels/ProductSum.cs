using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>sum + x w mod q, the sum not reduced: |x| &lt;= q and |w| &lt;= q/2 let it grow by at most (1/2 + q 2^-55) q.</summary>
/// <remarks>Exact while |sum| &lt;= 2^52, so from zero <see cref="Modulus.LazyProducts"/> may be added before <see cref="ProductDriver.Reduce(KernelPath,
/// ReadOnlySpan{double}, Span{ulong}, ulong)"/>; after that many the sum still is in the range of every kernel.</remarks>
internal readonly struct ProductSum : IProductOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TLane, TVector>(TVector x, TVector w, TVector wOverQ, TVector old, TVector q)
        where TLane : struct, ILane<TVector>
        where TVector : struct => TLane.Add(old, TLane.MultiplyMod(x, w, wOverQ, q));
}
