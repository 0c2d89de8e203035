using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>Runs an <see cref="IResidueOperator"/> over spans: the widest vectors first, the tail one by one.</summary>
internal static class ResidueDriver
{
    /// <summary>destination[i] = op(x[i], y[i], q). All three have one length; <paramref name="destination"/> may be x or y itself.</summary>
    internal static void Apply<TOperator>(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y, Span<ulong> destination, ulong q)
        where TOperator : struct, IResidueOperator => Apply<TOperator>(KernelPaths.Widest, x, y, destination, q);

    [MethodImpl(KernelMethod.Options)]
    internal static void Apply<TOperator>(KernelPath path, ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y, Span<ulong> destination, ulong q)
        where TOperator : struct, IResidueOperator
    {
        if (x.Length != y.Length || x.Length != destination.Length)
            throw new ArgumentException("The spans differ in length.");
        ref ulong a = ref MemoryMarshal.GetReference(x);
        ref ulong b = ref MemoryMarshal.GetReference(y);
        ref ulong to = ref MemoryMarshal.GetReference(destination);
        nuint i = 0, length = (nuint)x.Length;
        if (path == KernelPath.Vector512)
        {
            Vector512<ulong> modulus = Vector512.Create(q);
            for (; i + 8 <= length; i += 8)
                TOperator.Invoke(Vector512.LoadUnsafe(ref a, i), Vector512.LoadUnsafe(ref b, i), modulus).StoreUnsafe(ref to, i);
        }
        else if (path == KernelPath.Vector256)
        {
            Vector256<ulong> modulus = Vector256.Create(q);
            for (; i + 4 <= length; i += 4)
                TOperator.Invoke(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), modulus).StoreUnsafe(ref to, i);
        }
        else if (path == KernelPath.Vector128)
        {
            Vector128<ulong> modulus = Vector128.Create(q);
            for (; i + 2 <= length; i += 2)
                TOperator.Invoke(Vector128.LoadUnsafe(ref a, i), Vector128.LoadUnsafe(ref b, i), modulus).StoreUnsafe(ref to, i);
        }
        for (int k = (int)i; k < x.Length; k++)
            destination[k] = TOperator.Invoke(x[k], y[k], q);
    }
}
