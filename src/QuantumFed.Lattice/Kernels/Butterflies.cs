using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>Cooley-Tukey butterflies a, b -> a + w b, a - w b, with the constants of one call at hand.</summary>
internal readonly unsafe struct Butterflies<TLane, TVector>(double q)
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    private readonly TVector _q = TLane.Broadcast(q);

    /// <summary>One butterfly with one constant in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Broadcast(ref TVector a, ref TVector b, double* w, double* wOverQ) =>
        Apply(ref a, ref b, TLane.Broadcast(*w), TLane.Broadcast(*wOverQ));

    /// <summary>One butterfly with a constant per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PerLane(ref TVector a, ref TVector b, double* w, double* wOverQ) => Apply(ref a, ref b, TLane.Load(w), TLane.Load(wOverQ));

    /// <summary>One butterfly with w = 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Trivial(ref TVector a, ref TVector b)
    {
        TVector difference = TLane.Subtract(a, b);
        a = TLane.Add(a, b);
        b = difference;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Apply(ref TVector a, ref TVector b, TVector w, TVector wOverQ)
    {
        TVector product = TLane.MultiplyMod(b, w, wOverQ, _q);
        b = TLane.Subtract(a, product);
        a = TLane.Add(a, product);
    }
}
