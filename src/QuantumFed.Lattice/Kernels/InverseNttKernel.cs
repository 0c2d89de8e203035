using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>The inverse of <see cref="NttKernel{TLane, TVector}"/>: from values to coefficients.</summary>
/// <remarks>
/// <para>The decimation-in-time butterflies of an ordinary inverse transform, which take values in bit-reversed order and give coefficients in
/// natural order, then one multiplication by psi^(-j)/n. Unlike Gentleman-Sande butterflies they add an already reduced product at each level:
/// the growth is the forward transform's (<see cref="NttTables.InverseReductions"/>). The first level multiplies by 1, so it is left out:
/// |a +- b| &lt;= 3/2 q keeps that bound.</para>
/// <para>The first pass takes its values from a source, so that a product before the transform costs no pass of its own. The last multiplication stays
/// apart from the last pass: that one's rows lie a multiple of 4096 bytes apart, and with the constants' rows there would be more lines of one cache set
/// than it has ways (n = 2048: 12 % slower, n = 4096: 23 %).</para>
/// </remarks>
internal static unsafe class InverseNttKernel<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    /// <summary>Transforms integers |x| &lt;= 3/4 q back in place; leaves integers |x| &lt;= 5/8 q.</summary>
    internal static void Inverse(double* x, NttTables tables)
    {
        Transform(new PassElements<TLane, TVector>(x), x, tables);
        NttKernel<TLane, TVector>.Multiply(x, tables.Untwist.Values, tables.Untwist.OverQ, x, tables.Degree, tables.Modulus.Value);
        GC.KeepAlive(tables);
    }

    /// <summary>Transforms x[i] w[i] mod q back and writes residues in [0, q), for |x|, |w| &lt;= q/2; <paramref name="scratch"/> may be x.</summary>
    internal static void MultiplyInverse(double* x, double* w, double* wOverQ, double* scratch, ulong* residues, NttTables tables)
    {
        Transform(new PassProducts<TLane, TVector>(x, w, wOverQ, tables.Modulus.Value), scratch, tables);
        Untwist(scratch, tables, residues);
        GC.KeepAlive(tables);
    }

    private static void Transform<TSource>(TSource source, double* x, NttTables tables)
        where TSource : struct, IPassSource<TVector>
    {
        double* w = tables.Inverse.Values, v = tables.Inverse.OverQ;
        Squares(source, x, tables, w, v);
        int m = 8, level = 3;
        for (; 8 * m < tables.Degree; m *= 8, level += 3)
        {
            NttKernel<TLane, TVector>.ReduceBefore(x, tables, tables.InverseReductions, level);
            Radix8(x, tables, m, w, v);
        }
        NttKernel<TLane, TVector>.ReduceBefore(x, tables, tables.InverseReductions, level);
        if (8 * m == tables.Degree)
            Radix8(x, tables, m, w, v);
        else if (4 * m == tables.Degree)
            Radix4(x, tables, w, v);
        else
            Radix2(x, tables, w, v);
    }

    /// <summary>The last multiplication, with residues in [0, q) for its result.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static void Untwist(double* x, NttTables tables, ulong* residues)
    {
        ulong q = tables.Modulus.Value;
        TVector modulus = TLane.Broadcast(q);
        double* w = tables.Untwist.Values, v = tables.Untwist.OverQ;
        for (int i = 0; i < tables.Degree; i += TLane.Count)
            TLane.StoreResidues(TLane.MultiplyMod(TLane.Load(x + i), TLane.Load(w + i), TLane.Load(v + i), modulus), q, residues + i);
    }

    /// <summary>Half-lengths 1, 2, 4, in squares of 64.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static void Squares<TSource>(TSource source, double* x, NttTables tables, double* w, double* v)
        where TSource : struct, IPassSource<TVector>
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        for (nint square = 0; square < tables.Degree; square += 64)
        {
            for (nint at = square; at < square + 8; at += TLane.Count)
            {
                TVector a0 = source.Read(at), a1 = source.Read(at + 8), a2 = source.Read(at + 16), a3 = source.Read(at + 24);
                TVector a4 = source.Read(at + 32), a5 = source.Read(at + 40), a6 = source.Read(at + 48), a7 = source.Read(at + 56);
                EightRows<TLane, TVector>.InverseBroadcast(butterflies, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, w, v);
                if (TLane.Count == 8)
                    TLane.TransposeRows(ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7);
                TLane.Store(a0, x + at);
                TLane.Store(a1, x + at + 8);
                TLane.Store(a2, x + at + 16);
                TLane.Store(a3, x + at + 24);
                TLane.Store(a4, x + at + 32);
                TLane.Store(a5, x + at + 40);
                TLane.Store(a6, x + at + 48);
                TLane.Store(a7, x + at + 56);
            }
            if (TLane.Count < 8)
                TLane.TransposeSquare(x + square);
        }
    }

    /// <summary>Half-lengths m, 2m, 4m: each block of 8m splits into eight rows of m elements.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static void Radix8(double* x, NttTables tables, int m, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        for (double* block = x; block < x + tables.Degree; block += 8 * m)
        {
            for (int j = 0; j < m; j += TLane.Count)
            {
                double* r = block + j;
                TVector a0 = TLane.Load(r), a1 = TLane.Load(r + m), a2 = TLane.Load(r + 2 * m), a3 = TLane.Load(r + 3 * m);
                TVector a4 = TLane.Load(r + 4 * m), a5 = TLane.Load(r + 5 * m), a6 = TLane.Load(r + 6 * m), a7 = TLane.Load(r + 7 * m);
                EightRows<TLane, TVector>.InversePerLane(butterflies, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, m, w + j, v + j);
                TLane.Store(a0, r);
                TLane.Store(a1, r + m);
                TLane.Store(a2, r + 2 * m);
                TLane.Store(a3, r + 3 * m);
                TLane.Store(a4, r + 4 * m);
                TLane.Store(a5, r + 5 * m);
                TLane.Store(a6, r + 6 * m);
                TLane.Store(a7, r + 7 * m);
            }
        }
    }

    /// <summary>Half-lengths n/4, n/2.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static void Radix4(double* x, NttTables tables, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        int m = tables.Degree / 4;
        for (int j = 0; j < m; j += TLane.Count)
        {
            double* r = x + j;
            TVector a0 = TLane.Load(r), a1 = TLane.Load(r + m), a2 = TLane.Load(r + 2 * m), a3 = TLane.Load(r + 3 * m);
            butterflies.PerLane(ref a0, ref a1, w + m + j, v + m + j);
            butterflies.PerLane(ref a2, ref a3, w + m + j, v + m + j);
            butterflies.PerLane(ref a0, ref a2, w + 2 * m + j, v + 2 * m + j);
            butterflies.PerLane(ref a1, ref a3, w + 3 * m + j, v + 3 * m + j);
            TLane.Store(a0, r);
            TLane.Store(a1, r + m);
            TLane.Store(a2, r + 2 * m);
            TLane.Store(a3, r + 3 * m);
        }
    }

    /// <summary>Half-length n/2.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static void Radix2(double* x, NttTables tables, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        int m = tables.Degree / 2;
        for (int j = 0; j < m; j += TLane.Count)
        {
            TVector a0 = TLane.Load(x + j), a1 = TLane.Load(x + m + j);
            butterflies.PerLane(ref a0, ref a1, w + m + j, v + m + j);
            TLane.Store(a0, x + j);
            TLane.Store(a1, x + m + j);
        }
    }
}
