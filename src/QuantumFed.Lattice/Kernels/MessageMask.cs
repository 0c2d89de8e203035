using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>What covers a message, and what comes off it again. No branch sees a coefficient.</summary>
internal static class MessageMask
{
    /// <summary>product[i] = product[i] + T errors[i] + message[i] mod q, with T = 2^<paramref name="plaintextBits"/>.</summary>
    /// <remarks>
    /// For product[i] in [0, q), |errors[i]| &lt;= B and message[i] in [0, T): T e + m is in (-q/2, q/2) because T (B + 1) &lt;= q/2
    /// (<see cref="KaheParameters"/>), a residue x after q is added where it is negative, and then as in <see cref="AddMod"/>.
    /// </remarks>
    [MethodImpl(KernelMethod.Options)]
    internal static void Apply(KernelPath path, Span<ulong> product, ReadOnlySpan<int> errors, ReadOnlySpan<ulong> message, int plaintextBits, ulong q)
    {
        if (product.Length != errors.Length || product.Length != message.Length)
            throw new ArgumentException("The spans differ in length.");
        ref ulong p = ref MemoryMarshal.GetReference(product), m = ref MemoryMarshal.GetReference(message);
        ref int e = ref MemoryMarshal.GetReference(errors);
        int i = 0;
        if (path == KernelPath.Vector512)
        {
            Vector512<long> modulus = Vector512.Create((long)q);
            for (; i + 8 <= product.Length; i += 8)
            {
                Vector512<long> error = Avx512F.ConvertToVector512Int64(Vector256.LoadUnsafe(ref e, (nuint)i));
                Vector512<long> sum = (error << plaintextBits) + Vector512.LoadUnsafe(ref m, (nuint)i).AsInt64();
                Vector512<ulong> residue = (sum + ((sum >> 63) & modulus)).AsUInt64();
                AddMod.Invoke(residue, Vector512.LoadUnsafe(ref p, (nuint)i), modulus.AsUInt64()).StoreUnsafe(ref p, (nuint)i);
            }
        }
        else if (path == KernelPath.Vector256)
        {
            Vector256<long> modulus = Vector256.Create((long)q);
            for (; i + 4 <= product.Length; i += 4)
            {
                Vector256<long> error = Avx2.ConvertToVector256Int64(Vector128.LoadUnsafe(ref e, (nuint)i));
                Vector256<long> sum = (error << plaintextBits) + Vector256.LoadUnsafe(ref m, (nuint)i).AsInt64();
                Vector256<ulong> residue = (sum + (Vector256.LessThan(sum, Vector256<long>.Zero) & modulus)).AsUInt64();
                AddMod.Invoke(residue, Vector256.LoadUnsafe(ref p, (nuint)i), modulus.AsUInt64()).StoreUnsafe(ref p, (nuint)i);
            }
        }
        for (; i < product.Length; i++)
        {
            long sum = ((long)errors[i] << plaintextBits) + (long)message[i];
            product[i] = AddMod.Invoke((ulong)(sum + ((sum >> 63) & (long)q)), product[i], q);
        }
    }

    /// <summary>
    /// Takes <paramref name="product"/> from <paramref name="sum"/>: with sum[i] - product[i] = T E + M mod q, centred, product[i] becomes M in [0, T).
    /// Returns the largest |E|.
    /// </summary>
    /// <remarks>For both in [0, q). The centred difference v is in [-(q-1)/2, (q-1)/2]; shifting and masking its two's complement divide by T with the
    /// remainder in [0, T).</remarks>
    [MethodImpl(KernelMethod.Options)]
    internal static long Remove(KernelPath path, ReadOnlySpan<ulong> sum, Span<ulong> product, int plaintextBits, ulong q)
    {
        if (sum.Length != product.Length)
            throw new ArgumentException("The spans differ in length.");
        ref ulong p = ref MemoryMarshal.GetReference(product), s = ref MemoryMarshal.GetReference(sum);
        ulong mask = (1UL << plaintextBits) - 1;
        long largest = 0, half = (long)(q >> 1);
        int i = 0;
        if (path == KernelPath.Vector512)
        {
            Vector512<ulong> modulus = Vector512.Create(q), lower = Vector512.Create(mask);
            Vector512<long> most = Vector512<long>.Zero, middle = Vector512.Create(half);
            for (; i + 8 <= product.Length; i += 8)
            {
                Vector512<long> residue = SubtractMod.Invoke(Vector512.LoadUnsafe(ref s, (nuint)i), Vector512.LoadUnsafe(ref p, (nuint)i), modulus).AsInt64();
                Vector512<long> centred = residue - (((middle - residue) >> 63) & modulus.AsInt64());
                most = Vector512.Max(most, Vector512.Abs(centred >> plaintextBits));
                (centred.AsUInt64() & lower).StoreUnsafe(ref p, (nuint)i);
            }
            for (int lane = 0; lane < Vector512<long>.Count; lane++)
                largest = Math.Max(largest, most[lane]);
        }
        else if (path == KernelPath.Vector256)
        {
            // AVX2 shifts 64-bit numbers without their sign only, so the sign is taken away before and put back after.
            Vector256<ulong> modulus = Vector256.Create(q), lower = Vector256.Create(mask), sign = Vector256.Create(1UL << 63);
            Vector256<long> most = Vector256<long>.Zero, middle = Vector256.Create(half), shiftedSign = (sign >>> plaintextBits).AsInt64();
            for (; i + 4 <= product.Length; i += 4)
            {
                Vector256<long> residue = SubtractMod.Invoke(Vector256.LoadUnsafe(ref s, (nuint)i), Vector256.LoadUnsafe(ref p, (nuint)i), modulus).AsInt64();
                Vector256<long> centred = residue - (Vector256.GreaterThan(residue, middle) & modulus.AsInt64());
                Vector256<long> quotient = ((centred.AsUInt64() ^ sign) >>> plaintextBits).AsInt64() - shiftedSign;
                most = Vector256.Max(most, Vector256.Abs(quotient));
                (centred.AsUInt64() & lower).StoreUnsafe(ref p, (nuint)i);
            }
            for (int lane = 0; lane < Vector256<long>.Count; lane++)
                largest = Math.Max(largest, most[lane]);
        }
        for (; i < product.Length; i++)
        {
            long residue = (long)SubtractMod.Invoke(sum[i], product[i], q);
            long centred = residue - (((half - residue) >> 63) & (long)q);
            largest = Math.Max(largest, Math.Abs(centred >> plaintextBits));
            product[i] = (ulong)centred & mask;
        }
        return largest;
    }
}
