using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>The products x[i] w[i] mod q of two arrays, as they are read: |product| &lt;= 5/8 q for |x| &lt;= 2^52, |w| &lt;= q/2.</summary>
internal readonly unsafe struct PassProducts<TLane, TVector>(double* x, double* w, double* wOverQ, double q) : IPassSource<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Read(nint at) => TLane.MultiplyMod(TLane.Load(x + at), TLane.Load(w + at), TLane.Load(wOverQ + at), TLane.Broadcast(q));
}
