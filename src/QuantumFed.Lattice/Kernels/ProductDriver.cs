using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>Runs an <see cref="IProductOperator"/> over spans of any length: vectors first, the tail one by one. No branch sees an element.</summary>
internal static unsafe class ProductDriver
{
    /// <summary>elements[i] = op(x[i], w[i], fl(w[i]/q), elements[i]). All have one length; <paramref name="elements"/> may be x itself.</summary>
    internal static void Apply<TOperator>(
        KernelPath path, ReadOnlySpan<double> x, ReadOnlySpan<double> w, ReadOnlySpan<double> wOverQ, Span<double> elements, ulong q)
        where TOperator : struct, IProductOperator
    {
        if (x.Length != elements.Length || w.Length != elements.Length || wOverQ.Length != elements.Length)
            throw new ArgumentException("The spans differ in length.");
        fixed (double* px = x, pw = w, pv = wOverQ, to = elements)
        {
            int whole = path switch
            {
                KernelPath.Vector512 => Apply<TOperator, Lane512, Vector512<double>>(px, pw, pv, to, 0, elements.Length, q),
                KernelPath.Vector256 => Apply<TOperator, Lane256, Vector256<double>>(px, pw, pv, to, 0, elements.Length, q),
                KernelPath.Vector128 => Apply<TOperator, Lane128, Vector128<double>>(px, pw, pv, to, 0, elements.Length, q),
                _ => 0,
            };
            Apply<TOperator, ScalarLane, double>(px, pw, pv, to, whole, elements.Length, q);
        }
    }

    /// <summary>Integers |x| &lt;= 2^52 as residues in [0, q).</summary>
    internal static void Reduce(KernelPath path, ReadOnlySpan<double> x, Span<ulong> residues, ulong q)
    {
        if (x.Length != residues.Length)
            throw new ArgumentException("The spans differ in length.");
        fixed (double* px = x)
        fixed (ulong* to = residues)
        {
            // The kernel takes whole eights.
            int whole = x.Length & ~7;
            switch (path)
            {
                case KernelPath.Vector512:
                    NttKernel<Lane512, Vector512<double>>.Reduce(px, to, whole, q);
                    break;
                case KernelPath.Vector256:
                    NttKernel<Lane256, Vector256<double>>.Reduce(px, to, whole, q);
                    break;
                case KernelPath.Vector128:
                    NttKernel<Lane128, Vector128<double>>.Reduce(px, to, whole, q);
                    break;
                default:
                    whole = 0;
                    break;
            }
            NttKernel<ScalarLane, double>.Reduce(px + whole, to + whole, x.Length - whole, q);
        }
    }

    /// <summary>Whole vectors from <paramref name="first"/> on; returns the first element left.</summary>
    [MethodImpl(KernelMethod.Options)]
    private static int Apply<TOperator, TLane, TVector>(double* x, double* w, double* wOverQ, double* elements, int first, int length, ulong q)
        where TOperator : struct, IProductOperator
        where TLane : struct, ILane<TVector>
        where TVector : struct
    {
        TVector modulus = TLane.Broadcast(q);
        int i = first;
        for (; i + TLane.Count <= length; i += TLane.Count)
        {
            TLane.Store(
                TOperator.Invoke<TLane, TVector>(TLane.Load(x + i), TLane.Load(w + i), TLane.Load(wOverQ + i), TLane.Load(elements + i), modulus),
                elements + i);
        }
        return i;
    }
}
