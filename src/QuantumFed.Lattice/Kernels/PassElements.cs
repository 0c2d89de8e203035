using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>An array's elements as they are.</summary>
internal readonly unsafe struct PassElements<TLane, TVector>(double* x) : IPassSource<TVector>
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Read(nint at) => TLane.Load(x + at);
}
