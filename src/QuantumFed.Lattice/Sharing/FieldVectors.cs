using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>Sums and products of whole vectors over F_p, at the widest path this machine offers: whole registers, then one element at a time.
/// All elements are in [0, p), before and after. No branch and no index depends on one.</summary>
internal static class FieldVectors
{
    /// <summary>destination[i] = sum of weights[j] rows[j][i], for as many i as <paramref name="destination"/> holds; rows may be longer.</summary>
    internal static void WeightedSum(ReadOnlySpan<uint> weights, ReadOnlySpan<uint[]> rows, Span<uint> destination) =>
        WeightedSum(KernelPaths.Widest, weights, rows, destination);

    internal static void WeightedSum(KernelPath path, ReadOnlySpan<uint> weights, ReadOnlySpan<uint[]> rows, Span<uint> destination)
    {
        if (weights.Length != rows.Length)
            throw new ArgumentException($"{weights.Length} weights do not fit {rows.Length} rows.", nameof(weights));
        foreach (uint[] row in rows)
            ArgumentOutOfRangeException.ThrowIfLessThan(row.Length, destination.Length);
        int done = path switch
        {
            KernelPath.Vector512 => WeightedSum<FieldLane512, Vector512<ulong>>(weights, rows, destination),
            KernelPath.Vector256 => WeightedSum<FieldLane256, Vector256<ulong>>(weights, rows, destination),
            _ => 0,
        };
        for (int i = done; i < destination.Length; i++)
        {
            // Folded below 2^34, and one product below 2^62.
            ulong sum = 0;
            for (int j = 0; j < weights.Length; j++)
                sum = MersenneField.Fold(sum + ((ulong)weights[j] * rows[j][i]));
            destination[i] = MersenneField.Reduce(sum);
        }
    }

    /// <summary>Sum of x[i] y[i].</summary>
    internal static uint DotProduct(ReadOnlySpan<uint> x, ReadOnlySpan<uint> y) => DotProduct(KernelPaths.Widest, x, y);

    internal static uint DotProduct(KernelPath path, ReadOnlySpan<uint> x, ReadOnlySpan<uint> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} elements do not fit {y.Length}.", nameof(y));
        ulong sum = 0;
        int done = path switch
        {
            KernelPath.Vector512 => DotProduct<FieldLane512, Vector512<ulong>>(x, y, out sum),
            KernelPath.Vector256 => DotProduct<FieldLane256, Vector256<ulong>>(x, y, out sum),
            _ => 0,
        };
        for (int i = done; i < x.Length; i++)
            sum = MersenneField.Fold(sum + ((ulong)x[i] * y[i]));
        return MersenneField.Reduce(sum);
    }

    /// <summary>sum[i] = sum[i] + x[i], for as many i as <paramref name="sum"/> holds; x may be longer.</summary>
    internal static void AddTo(Span<uint> sum, ReadOnlySpan<uint> x) => AddTo(KernelPaths.Widest, sum, x);

    internal static void AddTo(KernelPath path, Span<uint> sum, ReadOnlySpan<uint> x)
    {
        x = x[..sum.Length];
        int done = path switch
        {
            KernelPath.Vector512 => AddTo<FieldLane512, Vector512<ulong>>(sum, x),
            KernelPath.Vector256 => AddTo<FieldLane256, Vector256<ulong>>(sum, x),
            _ => 0,
        };
        for (int i = done; i < sum.Length; i++)
            sum[i] = MersenneField.Add(sum[i], x[i]);
    }

    /// <summary>Four registers at a time, so that a row is read by cache lines; then one.</summary>
    private static int WeightedSum<TLane, TVector>(ReadOnlySpan<uint> weights, ReadOnlySpan<uint[]> rows, Span<uint> destination)
        where TLane : struct, IFieldLane<TVector>
        where TVector : struct
    {
        int count = TLane.Count, i = 0;
        ref uint to = ref MemoryMarshal.GetReference(destination);
        for (; i <= destination.Length - 4 * count; i += 4 * count)
        {
            TVector even0 = default, odd0 = default, even1 = default, odd1 = default, even2 = default, odd2 = default, even3 = default, odd3 = default;
            for (int j = 0; j < weights.Length; j++)
            {
                TVector w = TLane.Broadcast(weights[j]);
                ref uint from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rows[j]), i);
                Accumulate<TLane, TVector>(ref even0, ref odd0, w, TLane.Load(ref from));
                Accumulate<TLane, TVector>(ref even1, ref odd1, w, TLane.Load(ref Unsafe.Add(ref from, count)));
                Accumulate<TLane, TVector>(ref even2, ref odd2, w, TLane.Load(ref Unsafe.Add(ref from, 2 * count)));
                Accumulate<TLane, TVector>(ref even3, ref odd3, w, TLane.Load(ref Unsafe.Add(ref from, 3 * count)));
                if ((j & 3) == 3)
                {
                    (even0, odd0, even1, odd1) = (TLane.Fold(even0), TLane.Fold(odd0), TLane.Fold(even1), TLane.Fold(odd1));
                    (even2, odd2, even3, odd3) = (TLane.Fold(even2), TLane.Fold(odd2), TLane.Fold(even3), TLane.Fold(odd3));
                }
            }
            ref uint at = ref Unsafe.Add(ref to, i);
            TLane.Store(TLane.Reduce(even0, odd0), ref at);
            TLane.Store(TLane.Reduce(even1, odd1), ref Unsafe.Add(ref at, count));
            TLane.Store(TLane.Reduce(even2, odd2), ref Unsafe.Add(ref at, 2 * count));
            TLane.Store(TLane.Reduce(even3, odd3), ref Unsafe.Add(ref at, 3 * count));
        }
        for (; i <= destination.Length - count; i += count)
        {
            TVector even = default, odd = default;
            for (int j = 0; j < weights.Length; j++)
            {
                Accumulate<TLane, TVector>(
                    ref even, ref odd, TLane.Broadcast(weights[j]), TLane.Load(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rows[j]), i)));
                if ((j & 3) == 3)
                    (even, odd) = (TLane.Fold(even), TLane.Fold(odd));
            }
            TLane.Store(TLane.Reduce(even, odd), ref Unsafe.Add(ref to, i));
        }
        return i;
    }

    private static int DotProduct<TLane, TVector>(ReadOnlySpan<uint> x, ReadOnlySpan<uint> y, out ulong sum)
        where TLane : struct, IFieldLane<TVector>
        where TVector : struct
    {
        int count = TLane.Count, i = 0;
        ref uint xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
        TVector even = default, odd = default;
        for (int step = 0; i <= x.Length - count; i += count, step++)
        {
            TVector left = TLane.Load(ref Unsafe.Add(ref xs, i)), right = TLane.Load(ref Unsafe.Add(ref ys, i));
            even = TLane.MultiplyAdd(even, left, right);
            odd = TLane.MultiplyAdd(odd, TLane.High(left), TLane.High(right));
            if ((step & 3) == 3)
                (even, odd) = (TLane.Fold(even), TLane.Fold(odd));
        }
        sum = MersenneField.Reduce(TLane.SumOfLanes(TLane.Fold(even)) + TLane.SumOfLanes(TLane.Fold(odd)));
        return i;
    }

    private static int AddTo<TLane, TVector>(Span<uint> sum, ReadOnlySpan<uint> x)
        where TLane : struct, IFieldLane<TVector>
        where TVector : struct
    {
        int i = 0;
        ref uint to = ref MemoryMarshal.GetReference(sum), from = ref MemoryMarshal.GetReference(x);
        for (; i <= sum.Length - TLane.Count; i += TLane.Count)
            TLane.Store(TLane.AddMod(TLane.Load(ref Unsafe.Add(ref to, i)), TLane.Load(ref Unsafe.Add(ref from, i))), ref Unsafe.Add(ref to, i));
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TLane, TVector>(ref TVector even, ref TVector odd, TVector w, TVector x)
        where TLane : struct, IFieldLane<TVector>
        where TVector : struct
    {
        even = TLane.MultiplyAdd(even, w, x);
        odd = TLane.MultiplyAdd(odd, w, TLane.High(x));
    }
}
