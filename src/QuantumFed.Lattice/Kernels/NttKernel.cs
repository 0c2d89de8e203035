using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>The negacyclic transform of Z_q[X]/(X^n + 1), for any lane width.</summary>
/// <remarks>
/// <para><b>Forward</b> (decimation in time, psi merged into the constants; Longa and Naehrig, "Speeding up the number theoretic transform",
/// 2016, algorithm 1): level l cuts the array into 2^l blocks, and block j maps its halves a, b to a +- psi^rev(2^l + j) b. Place i of the
/// result holds the value of the polynomial at psi^(2 rev(i) + 1), before the transposition below.</para>
/// <para>A butterfly adds an already reduced product, so for most moduli no level needs a reduction; where one does
/// (<see cref="NttTables.ForwardReductions"/>), all values are reduced before the pass that would leave the proved range.
/// <see cref="InverseNttKernel{TLane, TVector}"/> is the way back.</para>
/// <para><b>Layout.</b> Levels whose halves are shorter than eight work on 64 elements seen as an 8 by 8 square and transposed, so that no
/// operation crosses lanes. Transformed values stay transposed in each square: every transform here uses one order, and products do not
/// mind. Levels go three at a time (radix 8), with one radix-2 or radix-4 pass where their number is not a multiple of three.</para>
/// </remarks>
internal static unsafe class NttKernel<TLane, TVector>
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    /// <summary>Transforms integers |x| &lt;= q in place; leaves integers |x| &lt;= 2^52 (7.2 q for n = 2048), not reduced.</summary>
    internal static void Forward(double* x, NttTables tables)
    {
        int levels = tables.Levels - 3, level = levels % 3;
        double* w = tables.Forward.Values, v = tables.Forward.OverQ;
        if (level == 1)
            ForwardRadix2(x, tables, w, v);
        else if (level == 2)
            ForwardRadix4(x, tables, w, v);
        for (; level < levels; level += 3)
        {
            ReduceBefore(x, tables, tables.ForwardReductions, level);
            ForwardRadix8(x, tables, level, w, v);
        }
        ReduceBefore(x, tables, tables.ForwardReductions, level);
        ForwardSquares(x, tables, tables.ForwardSquares.Values, tables.ForwardSquares.OverQ);
        GC.KeepAlive(tables);
    }

    /// <summary>product[i] = x[i] w[i] mod q, |product| &lt;= 3/4 q, for the ranges of <see cref="ILane{TVector}"/>; count a multiple of 8.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Multiply(double* x, double* w, double* wOverQ, double* product, int count, ulong q)
    {
        TVector modulus = TLane.Broadcast(q);
        for (int i = 0; i < count; i += TLane.Count)
            TLane.Store(TLane.MultiplyMod(TLane.Load(x + i), TLane.Load(w + i), TLane.Load(wOverQ + i), modulus), product + i);
    }

    /// <summary>Writes integers |x| &lt;= 2^52 as residues in [0, q); count a multiple of 8.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Reduce(double* x, ulong* residues, int count, ulong q)
    {
        TVector modulus = TLane.Broadcast(q), one = TLane.Broadcast(1.0), inverse = TLane.Broadcast(1.0 / q);
        for (int i = 0; i < count; i += TLane.Count)
            TLane.StoreResidues(TLane.MultiplyMod(TLane.Load(x + i), one, inverse, modulus), q, residues + i);
    }

    /// <summary>Writes integers in (-q, q) as residues in [0, q); count a multiple of 8.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void ToResidues(double* x, ulong* residues, int count, ulong q)
    {
        for (int i = 0; i < count; i += TLane.Count)
            TLane.StoreResidues(TLane.Load(x + i), q, residues + i);
    }

    /// <summary>Where bit <paramref name="level"/> of <paramref name="reductions"/> is set, reduces integers |x| &lt;= 2^52 to |x| &lt;= 5/8 q in place.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void ReduceBefore(double* x, NttTables tables, uint reductions, int level)
    {
        if ((reductions >> level & 1) == 0)
            return;
        ulong q = tables.Modulus.Value;
        TVector modulus = TLane.Broadcast(q), one = TLane.Broadcast(1.0), inverse = TLane.Broadcast(1.0 / q);
        for (int i = 0; i < tables.Degree; i += TLane.Count)
            TLane.Store(TLane.MultiplyMod(TLane.Load(x + i), one, inverse, modulus), x + i);
    }

    [MethodImpl(KernelMethod.Options)]
    private static void ForwardRadix2(double* x, NttTables tables, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        int s = tables.Degree / 2;
        for (double* r = x; r < x + s; r += TLane.Count)
        {
            TVector a0 = TLane.Load(r), a1 = TLane.Load(r + s);
            butterflies.Broadcast(ref a0, ref a1, w + 1, v + 1);
            TLane.Store(a0, r);
            TLane.Store(a1, r + s);
        }
    }

    [MethodImpl(KernelMethod.Options)]
    private static void ForwardRadix4(double* x, NttTables tables, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        int s = tables.Degree / 4;
        for (double* r = x; r < x + s; r += TLane.Count)
        {
            TVector a0 = TLane.Load(r), a1 = TLane.Load(r + s), a2 = TLane.Load(r + 2 * s), a3 = TLane.Load(r + 3 * s);
            butterflies.Broadcast(ref a0, ref a2, w + 1, v + 1);
            butterflies.Broadcast(ref a1, ref a3, w + 1, v + 1);
            butterflies.Broadcast(ref a0, ref a1, w + 2, v + 2);
            butterflies.Broadcast(ref a2, ref a3, w + 3, v + 3);
            TLane.Store(a0, r);
            TLane.Store(a1, r + s);
            TLane.Store(a2, r + 2 * s);
            TLane.Store(a3, r + 3 * s);
        }
    }

    /// <summary>Levels l, l + 1, l + 2: block j of level l splits into eight rows of s elements.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static void ForwardRadix8(double* x, NttTables tables, int level, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        int blocks = 1 << level, length = tables.Degree >> level, s = length / 8;
        for (int j = 0; j < blocks; j++)
        {
            int k = blocks + j;
            double* w1 = w + k, v1 = v + k, w2 = w + 2 * k, v2 = v + 2 * k, w4 = w + 4 * k, v4 = v + 4 * k;
            double* start = x + j * length;
            for (double* r = start; r < start + s; r += TLane.Count)
            {
                TVector a0 = TLane.Load(r), a1 = TLane.Load(r + s), a2 = TLane.Load(r + 2 * s), a3 = TLane.Load(r + 3 * s);
                TVector a4 = TLane.Load(r + 4 * s), a5 = TLane.Load(r + 5 * s), a6 = TLane.Load(r + 6 * s), a7 = TLane.Load(r + 7 * s);
                EightRows<TLane, TVector>.ForwardBroadcast(butterflies, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, w1, v1, w2, v2, w4, v4);
                TLane.Store(a0, r);
                TLane.Store(a1, r + s);
                TLane.Store(a2, r + 2 * s);
                TLane.Store(a3, r + 3 * s);
                TLane.Store(a4, r + 4 * s);
                TLane.Store(a5, r + 5 * s);
                TLane.Store(a6, r + 6 * s);
                TLane.Store(a7, r + 7 * s);
            }
        }
    }

    [MethodImpl(KernelMethod.Options)]
    private static void ForwardSquares(double* x, NttTables tables, double* w, double* v)
    {
        var butterflies = new Butterflies<TLane, TVector>(tables.Modulus.Value);
        for (int square = 0; square < tables.Degree / 64; square++, x += 64, w += 56, v += 56)
        {
            if (TLane.Count < 8)
                TLane.TransposeSquare(x);
            for (int column = 0; column < 8; column += TLane.Count)
            {
                TVector a0 = TLane.Load(x + column), a1 = TLane.Load(x + column + 8), a2 = TLane.Load(x + column + 16), a3 = TLane.Load(x + column + 24);
                TVector a4 = TLane.Load(x + column + 32), a5 = TLane.Load(x + column + 40), a6 = TLane.Load(x + column + 48), a7 = TLane.Load(x + column + 56);
                if (TLane.Count == 8)
                    TLane.TransposeRows(ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7);
                EightRows<TLane, TVector>.ForwardPerLane(butterflies, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5, ref a6, ref a7, w + column, v + column);
                TLane.Store(a0, x + column);
                TLane.Store(a1, x + column + 8);
                TLane.Store(a2, x + column + 16);
                TLane.Store(a3, x + column + 24);
                TLane.Store(a4, x + column + 32);
                TLane.Store(a5, x + column + 40);
                TLane.Store(a6, x + column + 48);
                TLane.Store(a7, x + column + 56);
            }
        }
    }
}
