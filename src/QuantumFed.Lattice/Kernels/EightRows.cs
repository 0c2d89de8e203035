using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>Eight rows of one vector each: three levels of butterflies without touching memory (radix 8).</summary>
internal unsafe ref struct EightRows<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    private TVector _0, _1, _2, _3, _4, _5, _6, _7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static EightRows<TLane, TVector> Load(double* p, int stride) => new()
    {
        _0 = TLane.Load(p),
        _1 = TLane.Load(p + stride),
        _2 = TLane.Load(p + 2 * stride),
        _3 = TLane.Load(p + 3 * stride),
        _4 = TLane.Load(p + 4 * stride),
        _5 = TLane.Load(p + 5 * stride),
        _6 = TLane.Load(p + 6 * stride),
        _7 = TLane.Load(p + 7 * stride),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Store(double* p, int stride)
    {
        TLane.Store(_0, p);
        TLane.Store(_1, p + stride);
        TLane.Store(_2, p + 2 * stride);
        TLane.Store(_3, p + 3 * stride);
        TLane.Store(_4, p + 4 * stride);
        TLane.Store(_5, p + 5 * stride);
        TLane.Store(_6, p + 6 * stride);
        TLane.Store(_7, p + 7 * stride);
    }

    /// <summary>Three forward levels inside one block: one, two and four constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ForwardBroadcast(in Butterflies<TLane, TVector> b, double* w1, double* v1, double* w2, double* v2, double* w4, double* v4)
    {
        b.Broadcast(ref _0, ref _4, w1, v1);
        b.Broadcast(ref _1, ref _5, w1, v1);
        b.Broadcast(ref _2, ref _6, w1, v1);
        b.Broadcast(ref _3, ref _7, w1, v1);
        b.Broadcast(ref _0, ref _2, w2, v2);
        b.Broadcast(ref _1, ref _3, w2, v2);
        b.Broadcast(ref _4, ref _6, w2 + 1, v2 + 1);
        b.Broadcast(ref _5, ref _7, w2 + 1, v2 + 1);
        b.Broadcast(ref _0, ref _1, w4, v4);
        b.Broadcast(ref _2, ref _3, w4 + 1, v4 + 1);
        b.Broadcast(ref _4, ref _5, w4 + 2, v4 + 2);
        b.Broadcast(ref _6, ref _7, w4 + 3, v4 + 3);
    }

    /// <summary>The last three forward levels in a transposed square: lane c belongs to block c, constants in seven rows of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ForwardPerLane(in Butterflies<TLane, TVector> b, double* w, double* v)
    {
        b.PerLane(ref _0, ref _4, w, v);
        b.PerLane(ref _1, ref _5, w, v);
        b.PerLane(ref _2, ref _6, w, v);
        b.PerLane(ref _3, ref _7, w, v);
        b.PerLane(ref _0, ref _2, w + 8, v + 8);
        b.PerLane(ref _1, ref _3, w + 8, v + 8);
        b.PerLane(ref _4, ref _6, w + 16, v + 16);
        b.PerLane(ref _5, ref _7, w + 16, v + 16);
        b.PerLane(ref _0, ref _1, w + 24, v + 24);
        b.PerLane(ref _2, ref _3, w + 32, v + 32);
        b.PerLane(ref _4, ref _5, w + 40, v + 40);
        b.PerLane(ref _6, ref _7, w + 48, v + 48);
    }

    /// <summary>The first three inverse levels in a transposed square (half-lengths 1, 2, 4): the row fixes the constant, the first is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void InverseBroadcast(in Butterflies<TLane, TVector> b, double* w, double* v)
    {
        Butterflies<TLane, TVector>.Trivial(ref _0, ref _1);
        Butterflies<TLane, TVector>.Trivial(ref _2, ref _3);
        Butterflies<TLane, TVector>.Trivial(ref _4, ref _5);
        Butterflies<TLane, TVector>.Trivial(ref _6, ref _7);
        b.Broadcast(ref _0, ref _2, w + 2, v + 2);
        b.Broadcast(ref _1, ref _3, w + 3, v + 3);
        b.Broadcast(ref _4, ref _6, w + 2, v + 2);
        b.Broadcast(ref _5, ref _7, w + 3, v + 3);
        b.Broadcast(ref _0, ref _4, w + 4, v + 4);
        b.Broadcast(ref _1, ref _5, w + 5, v + 5);
        b.Broadcast(ref _2, ref _6, w + 6, v + 6);
        b.Broadcast(ref _3, ref _7, w + 7, v + 7);
    }

    /// <summary>Three inverse levels of half-lengths m, 2m, 4m: the position in the row fixes the constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void InversePerLane(in Butterflies<TLane, TVector> b, int m, double* w, double* v)
    {
        b.PerLane(ref _0, ref _1, w + m, v + m);
        b.PerLane(ref _2, ref _3, w + m, v + m);
        b.PerLane(ref _4, ref _5, w + m, v + m);
        b.PerLane(ref _6, ref _7, w + m, v + m);
        b.PerLane(ref _0, ref _2, w + 2 * m, v + 2 * m);
        b.PerLane(ref _1, ref _3, w + 3 * m, v + 3 * m);
        b.PerLane(ref _4, ref _6, w + 2 * m, v + 2 * m);
        b.PerLane(ref _5, ref _7, w + 3 * m, v + 3 * m);
        b.PerLane(ref _0, ref _4, w + 4 * m, v + 4 * m);
        b.PerLane(ref _1, ref _5, w + 5 * m, v + 5 * m);
        b.PerLane(ref _2, ref _6, w + 6 * m, v + 6 * m);
        b.PerLane(ref _3, ref _7, w + 7 * m, v + 7 * m);
    }
}
