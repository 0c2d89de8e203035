using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Qkd;

/// <summary>The products below which the recursion of <see cref="ToeplitzProduct"/> stops.</summary>
/// <remarks>
/// <para>For W words v, stored last word first, and a window t of 2W words: let A_i be the 128-bit sum over j of t[i+1+j] v[j] as polynomials over GF(2),
/// i = -1, ..., W-1. Then y_i ^= low(A_i) ^ high(A_(i-1)).</para>
/// <para>Reads t[0] to t[2W-1]. No time depends on the operands.</para>
/// </remarks>
internal static class ToeplitzKernel
{
    /// <summary>The words of a product are a multiple of this: the lanes of the widest register.</summary>
    internal const int Granule = 8;

    /// <summary>The fastest path offered here.</summary>
    internal static ToeplitzPath Widest { get; } =
        IsSupported(ToeplitzPath.Vector512) ? ToeplitzPath.Vector512
        : IsSupported(ToeplitzPath.Vector128) ? ToeplitzPath.Vector128
        : ToeplitzPath.Portable;

    internal static bool IsSupported(ToeplitzPath path) => path switch
    {
        ToeplitzPath.Portable => true,
        ToeplitzPath.Vector128 => Pclmulqdq.IsSupported,
        ToeplitzPath.Vector512 => Pclmulqdq.V512.IsSupported && Avx512F.IsSupported && Pclmulqdq.IsSupported,
        _ => false,
    };

    internal static void Accumulate(ToeplitzPath path, Span<ulong> y, ReadOnlySpan<ulong> t, ReadOnlySpan<ulong> v)
    {
        // The kernels index without checks; this one check stands for all of theirs.
        if (y.Length != v.Length || t.Length != 2 * v.Length || v.Length % Granule != 0)
            throw new ArgumentException("A kernel takes W, 2W and W words, W a multiple of 8.", nameof(t));
        ref ulong y0 = ref MemoryMarshal.GetReference(y), t0 = ref MemoryMarshal.GetReference(t), v0 = ref MemoryMarshal.GetReference(v);
        switch (path)
        {
            case ToeplitzPath.Vector512:
                Accumulate512(ref y0, ref t0, ref v0, (nuint)v.Length);
                break;
            case ToeplitzPath.Vector128:
                Accumulate128(ref y0, ref t0, ref v0, (nuint)v.Length);
                break;
            default:
                AccumulatePortable(y, t, v);
                break;
        }
    }

    // Lane l of a register holds the words 2l and 2l+1. A load of t at i+1+j, its even or odd words times v[j], is lane by lane a term of A_i, A_(i+2), ...
    // or of A_(i+1), A_(i+3), ...; unpacking puts all low and all high halves in order.
    private static void Accumulate512(ref ulong y, ref ulong t, ref ulong v, nuint words)
    {
        Vector512<ulong> before = Vector512.Create(HighOfFirst(ref t, ref v, words));
        nuint i = 0;
        for (; i + 16 <= words; i += 16)
        {
            Vector512<ulong> even0 = default, odd0 = default, even1 = default, odd1 = default;
            for (nuint j = 0; j < words; j++)
            {
                Vector512<ulong> factor = Vector512.Create(Unsafe.Add(ref v, j));
                Vector512<ulong> t0 = Load(ref t, i + 1 + j), t1 = Load(ref t, i + 9 + j);
                even0 ^= Pclmulqdq.V512.CarrylessMultiply(t0, factor, 0x00);
                odd0 ^= Pclmulqdq.V512.CarrylessMultiply(t0, factor, 0x01);
                even1 ^= Pclmulqdq.V512.CarrylessMultiply(t1, factor, 0x00);
                odd1 ^= Pclmulqdq.V512.CarrylessMultiply(t1, factor, 0x01);
            }
            before = Store(ref y, i, even0, odd0, before);
            before = Store(ref y, i + 8, even1, odd1, before);
        }
        if (i < words)
        {
            Vector512<ulong> even = default, odd = default;
            for (nuint j = 0; j < words; j++)
            {
                Vector512<ulong> factor = Vector512.Create(Unsafe.Add(ref v, j)), t0 = Load(ref t, i + 1 + j);
                even ^= Pclmulqdq.V512.CarrylessMultiply(t0, factor, 0x00);
                odd ^= Pclmulqdq.V512.CarrylessMultiply(t0, factor, 0x01);
            }
            Store(ref y, i, even, odd, before);
        }

        // i + 1 + j + 7 is at most 2W - 1 for i <= W - 8, j <= W - 1: every load stays inside the window.
        static Vector512<ulong> Load(ref ulong t, nuint at) => Vector512.LoadUnsafe(ref t, at);

        static Vector512<ulong> Store(ref ulong y, nuint i, Vector512<ulong> even, Vector512<ulong> odd, Vector512<ulong> before)
        {
            Vector512<ulong> high = Avx512F.UnpackHigh(even, odd);
            (Vector512.LoadUnsafe(ref y, i) ^ Avx512F.UnpackLow(even, odd) ^ Avx512F.AlignRight64(high, before, 7)).StoreUnsafe(ref y, i);
            return high;
        }
    }

    private static void Accumulate128(ref ulong y, ref ulong t, ref ulong v, nuint words)
    {
        Vector128<ulong> before = Vector128.Create(HighOfFirst(ref t, ref v, words));
        for (nuint i = 0; i < words; i += 4)
        {
            Vector128<ulong> even0 = default, odd0 = default, even1 = default, odd1 = default;
            for (nuint j = 0; j < words; j++)
            {
                Vector128<ulong> factor = Vector128.CreateScalar(Unsafe.Add(ref v, j));
                Vector128<ulong> t0 = Vector128.LoadUnsafe(ref t, i + 1 + j), t1 = Vector128.LoadUnsafe(ref t, i + 3 + j);
                even0 ^= Pclmulqdq.CarrylessMultiply(t0, factor, 0x00);
                odd0 ^= Pclmulqdq.CarrylessMultiply(t0, factor, 0x01);
                even1 ^= Pclmulqdq.CarrylessMultiply(t1, factor, 0x00);
                odd1 ^= Pclmulqdq.CarrylessMultiply(t1, factor, 0x01);
            }
            before = Store(ref y, i, even0, odd0, before);
            before = Store(ref y, i + 2, even1, odd1, before);
        }

        static Vector128<ulong> Store(ref ulong y, nuint i, Vector128<ulong> even, Vector128<ulong> odd, Vector128<ulong> before)
        {
            Vector128<ulong> low = Sse2.UnpackLow(even, odd), high = Sse2.UnpackHigh(even, odd);
            (Vector128.LoadUnsafe(ref y, i) ^ low ^ Vector128.Create(before[1], high[0])).StoreUnsafe(ref y, i);
            return high;
        }
    }

    private static void AccumulatePortable(Span<ulong> y, ReadOnlySpan<ulong> t, ReadOnlySpan<ulong> v)
    {
        ulong before = 0;
        for (int i = -1; i < y.Length; i++)
        {
            UInt128 sum = 0;
            for (int j = 0; j < v.Length; j++)
                sum ^= CarrylessProduct.MultiplyPortable(t[i + 1 + j], v[j]);
            if (i >= 0)
                y[i] ^= (ulong)sum ^ before;
            before = (ulong)(sum >>> 64);
        }
    }

    // The high half of A_(-1), whose terms stand side by side in both operands.
    private static ulong HighOfFirst(ref ulong t, ref ulong v, nuint words)
    {
        Vector128<ulong> sum = default;
        for (nuint j = 0; j < words; j += 2)
        {
            Vector128<ulong> t0 = Vector128.LoadUnsafe(ref t, j), v0 = Vector128.LoadUnsafe(ref v, j);
            sum ^= Pclmulqdq.CarrylessMultiply(t0, v0, 0x00) ^ Pclmulqdq.CarrylessMultiply(t0, v0, 0x11);
        }
        return sum[1];
    }
}
