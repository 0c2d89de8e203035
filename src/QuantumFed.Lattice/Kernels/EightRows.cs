using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>Three levels of butterflies on eight rows of one vector each, without touching memory (radix 8).</summary>
/// <remarks>The rows are the caller's eight locals, not fields of a struct: the JIT keeps a struct of more than four fields in memory.</remarks>
internal static unsafe class EightRows<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    /// <summary>Three forward levels inside one block: one, two and four constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ForwardBroadcast(
        Butterflies<TLane, TVector> b,
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3, ref TVector a4, ref TVector a5, ref TVector a6, ref TVector a7,
        double* w1, double* v1, double* w2, double* v2, double* w4, double* v4)
    {
        b.Broadcast(ref a0, ref a4, w1, v1);
        b.Broadcast(ref a1, ref a5, w1, v1);
        b.Broadcast(ref a2, ref a6, w1, v1);
        b.Broadcast(ref a3, ref a7, w1, v1);
        b.Broadcast(ref a0, ref a2, w2, v2);
        b.Broadcast(ref a1, ref a3, w2, v2);
        b.Broadcast(ref a4, ref a6, w2 + 1, v2 + 1);
        b.Broadcast(ref a5, ref a7, w2 + 1, v2 + 1);
        b.Broadcast(ref a0, ref a1, w4, v4);
        b.Broadcast(ref a2, ref a3, w4 + 1, v4 + 1);
        b.Broadcast(ref a4, ref a5, w4 + 2, v4 + 2);
        b.Broadcast(ref a6, ref a7, w4 + 3, v4 + 3);
    }

    /// <summary>The last three forward levels in a transposed square: lane c belongs to block c, constants in seven rows of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ForwardPerLane(
        Butterflies<TLane, TVector> b,
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3, ref TVector a4, ref TVector a5, ref TVector a6, ref TVector a7,
        double* w, double* v)
    {
        b.PerLane(ref a0, ref a4, w, v);
        b.PerLane(ref a1, ref a5, w, v);
        b.PerLane(ref a2, ref a6, w, v);
        b.PerLane(ref a3, ref a7, w, v);
        b.PerLane(ref a0, ref a2, w + 8, v + 8);
        b.PerLane(ref a1, ref a3, w + 8, v + 8);
        b.PerLane(ref a4, ref a6, w + 16, v + 16);
        b.PerLane(ref a5, ref a7, w + 16, v + 16);
        b.PerLane(ref a0, ref a1, w + 24, v + 24);
        b.PerLane(ref a2, ref a3, w + 32, v + 32);
        b.PerLane(ref a4, ref a5, w + 40, v + 40);
        b.PerLane(ref a6, ref a7, w + 48, v + 48);
    }

    /// <summary>The first three inverse levels in a transposed square (half-lengths 1, 2, 4): the row fixes the constant, the first is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void InverseBroadcast(
        Butterflies<TLane, TVector> b,
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3, ref TVector a4, ref TVector a5, ref TVector a6, ref TVector a7,
        double* w, double* v)
    {
        Butterflies<TLane, TVector>.Trivial(ref a0, ref a1);
        Butterflies<TLane, TVector>.Trivial(ref a2, ref a3);
        Butterflies<TLane, TVector>.Trivial(ref a4, ref a5);
        Butterflies<TLane, TVector>.Trivial(ref a6, ref a7);
        b.Broadcast(ref a0, ref a2, w + 2, v + 2);
        b.Broadcast(ref a1, ref a3, w + 3, v + 3);
        b.Broadcast(ref a4, ref a6, w + 2, v + 2);
        b.Broadcast(ref a5, ref a7, w + 3, v + 3);
        b.Broadcast(ref a0, ref a4, w + 4, v + 4);
        b.Broadcast(ref a1, ref a5, w + 5, v + 5);
        b.Broadcast(ref a2, ref a6, w + 6, v + 6);
        b.Broadcast(ref a3, ref a7, w + 7, v + 7);
    }

    /// <summary>Three inverse levels of half-lengths m, 2m, 4m: the position in the row fixes the constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void InversePerLane(
        Butterflies<TLane, TVector> b,
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3, ref TVector a4, ref TVector a5, ref TVector a6, ref TVector a7,
        int m, double* w, double* v)
    {
        b.PerLane(ref a0, ref a1, w + m, v + m);
        b.PerLane(ref a2, ref a3, w + m, v + m);
        b.PerLane(ref a4, ref a5, w + m, v + m);
        b.PerLane(ref a6, ref a7, w + m, v + m);
        b.PerLane(ref a0, ref a2, w + 2 * m, v + 2 * m);
        b.PerLane(ref a1, ref a3, w + 3 * m, v + 3 * m);
        b.PerLane(ref a4, ref a6, w + 2 * m, v + 2 * m);
        b.PerLane(ref a5, ref a7, w + 3 * m, v + 3 * m);
        b.PerLane(ref a0, ref a4, w + 4 * m, v + 4 * m);
        b.PerLane(ref a1, ref a5, w + 5 * m, v + 5 * m);
        b.PerLane(ref a2, ref a6, w + 6 * m, v + 6 * m);
        b.PerLane(ref a3, ref a7, w + 7 * m, v + 7 * m);
    }
}
