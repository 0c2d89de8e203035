using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Sums of packed residues in 64-bit words that are reduced only when they have to be.</summary>
/// <remarks>
/// <para>Residues are below q &lt; 2^49, so <see cref="MaxTerms"/> = 2^15 of them sum to less than 2^64: a word takes that many before it must
/// be reduced.</para>
/// <para><b>Reduction.</b> With c = 2^49 - q, 2^49 = c (mod q), so x = h 2^49 + l folds to h c + l. h &lt; 2^15; for c &lt; 2^32 this is below
/// 2^47 + 2^49, and below 2 q if 2^15 c + 2^49 &lt;= 2 q, which <see cref="Suits"/> asks for: one conditional subtraction is left.</para>
/// </remarks>
internal static class LazySum
{
    /// <summary>How many residues a word takes: 2^15.</summary>
    internal const int MaxTerms = 1 << (64 - CoefficientPacking.Bits);

    /// <summary>How many ciphertexts the widest pass reads at once.</summary>
    internal const int FanIn = 4;

    private const ulong Low = (1UL << CoefficientPacking.Bits) - 1;

    /// <summary>Whether the reduction holds for this modulus.</summary>
    internal static bool Suits(ulong q) => q <= Low && Low + 1 - q < 1UL << 32 && ((Low + 1 - q) << 15) + Low + 1 <= 2 * q;

    /// <summary>sum[i] = sum[i] + residue i of <paramref name="a"/>, or that residue alone where <paramref name="fresh"/>.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Add(KernelPath path, ReadOnlySpan<byte> a, Span<ulong> sum, bool fresh)
    {
        int start = 0;
        if (path == KernelPath.Vector512 && Avx512Vbmi.IsSupported)
        {
            ref byte at = ref MemoryMarshal.GetReference(a);
            ref ulong to = ref MemoryMarshal.GetReference(sum);
            Vector512<ulong> keep = fresh ? Vector512<ulong>.Zero : Vector512<ulong>.AllBitsSet;
            int groups = CoefficientPacking.WholeRegisters(a.Length);
            for (int group = 0; group < groups; group++)
            {
                nuint i = (nuint)(group * CoefficientPacking.GroupCoefficients);
                ((Vector512.LoadUnsafe(ref to, i) & keep) + CoefficientPacking.Residues(ref at, group)).StoreUnsafe(ref to, i);
            }
            start = groups * CoefficientPacking.GroupCoefficients;
        }
        for (int i = start; i < sum.Length; i++)
            sum[i] = (fresh ? 0 : sum[i]) + CoefficientPacking.Residue(a, i);
    }

    /// <summary>The same with four ciphertexts in one pass: one store for four loads, and four streams from memory at once.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Add(
        KernelPath path, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, Span<ulong> sum, bool fresh)
    {
        int start = 0;
        if (path == KernelPath.Vector512 && Avx512Vbmi.IsSupported)
        {
            ref byte atA = ref MemoryMarshal.GetReference(a), atB = ref MemoryMarshal.GetReference(b);
            ref byte atC = ref MemoryMarshal.GetReference(c), atD = ref MemoryMarshal.GetReference(d);
            ref ulong to = ref MemoryMarshal.GetReference(sum);
            Vector512<ulong> keep = fresh ? Vector512<ulong>.Zero : Vector512<ulong>.AllBitsSet;
            int groups = CoefficientPacking.WholeRegisters(a.Length);
            for (int group = 0; group < groups; group++)
            {
                nuint i = (nuint)(group * CoefficientPacking.GroupCoefficients);
                Vector512<ulong> left = CoefficientPacking.Residues(ref atA, group) + CoefficientPacking.Residues(ref atB, group);
                Vector512<ulong> right = CoefficientPacking.Residues(ref atC, group) + CoefficientPacking.Residues(ref atD, group);
                ((Vector512.LoadUnsafe(ref to, i) & keep) + left + right).StoreUnsafe(ref to, i);
            }
            start = groups * CoefficientPacking.GroupCoefficients;
        }
        for (int i = start; i < sum.Length; i++)
        {
            sum[i] = (fresh ? 0 : sum[i]) + CoefficientPacking.Residue(a, i) + CoefficientPacking.Residue(b, i)
                + CoefficientPacking.Residue(c, i) + CoefficientPacking.Residue(d, i);
        }
    }

    /// <summary>sum[i] = sum[i] + q - residue i: a term that takes an earlier one away, itself in (0, q].</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Subtract(KernelPath path, ReadOnlySpan<byte> a, Span<ulong> sum, ulong q)
    {
        int start = 0;
        if (path == KernelPath.Vector512 && Avx512Vbmi.IsSupported)
        {
            ref byte at = ref MemoryMarshal.GetReference(a);
            ref ulong to = ref MemoryMarshal.GetReference(sum);
            Vector512<ulong> modulus = Vector512.Create(q);
            int groups = CoefficientPacking.WholeRegisters(a.Length);
            for (int group = 0; group < groups; group++)
            {
                nuint i = (nuint)(group * CoefficientPacking.GroupCoefficients);
                (Vector512.LoadUnsafe(ref to, i) + (modulus - CoefficientPacking.Residues(ref at, group))).StoreUnsafe(ref to, i);
            }
            start = groups * CoefficientPacking.GroupCoefficients;
        }
        for (int i = start; i < sum.Length; i++)
            sum[i] += q - CoefficientPacking.Residue(a, i);
    }

    /// <summary>Each word modulo q, into <paramref name="reduced"/>, which may be <paramref name="sum"/> itself.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Reduce(KernelPath path, ReadOnlySpan<ulong> sum, Span<ulong> reduced, ulong q)
    {
        int i = 0;
        if (path == KernelPath.Vector512)
        {
            ref ulong from = ref MemoryMarshal.GetReference(sum), to = ref MemoryMarshal.GetReference(reduced);
            for (; i + 8 <= sum.Length; i += 8)
                Reduce(Vector512.LoadUnsafe(ref from, (nuint)i), q).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < sum.Length; i++)
            reduced[i] = Reduce(sum[i], q);
    }

    /// <summary>Any word modulo q. No branch sees it.</summary>
    /// <remarks>A folded word is below 2q, which is what the subtraction of <see cref="AddMod"/> needs of a sum.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Reduce(ulong x, ulong q) => AddMod.Invoke((x & Low) + (x >> CoefficientPacking.Bits) * (Low + 1 - q), 0, q);

    /// <summary>Eight words modulo q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<ulong> Reduce(Vector512<ulong> x, ulong q)
    {
        // Both factors are below 2^32: the instruction that multiplies lower halves.
        Vector512<ulong> folded = Avx512F.Multiply((x >> CoefficientPacking.Bits).AsUInt32(), Vector512.Create(Low + 1 - q).AsUInt32());
        return AddMod.Invoke((x & Vector512.Create(Low)) + folded, Vector512<ulong>.Zero, Vector512.Create(q));
    }
}
