using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Numbers to integers with stochastic rounding, and sums of integers back to numbers.</summary>
/// <remarks>
/// <para><b>Rounding.</b> X = x f (one rounding in double precision), held to [-M, M] with M = 2^(b-1) - 1, and R the integer nearest to 2^16 X, by adding
/// 1.5 * 2^52 in a fused operation: |2^16 X| &lt; 2^47, so the sum stays where doubles are the integers. With r uniform in [0, 2^16), the integer is
/// v = floor((R + 2^16 2^(b-1) + r) / 2^16): v - 2^(b-1) is X rounded down or up, and its expectation is R / 2^16, within 2^-17 of X. From
/// |R| &lt;= 2^16 M follows v in [1, 2^b - 1]. R + 2^16 2^(b-1) is positive, so the shift is one of unsigned numbers.</para>
/// <para>A number that is not finite gives an integer below 2^b that means nothing: the norm tells (<see cref="FixedPointEncoding.TryScale"/>). No
/// branch or index depends on a number; all widths perform the same operations.</para>
/// </remarks>
internal static class FixedPointKernel
{
    /// <summary>Random bytes for one number.</summary>
    internal const int DitherSizeInBytes = sizeof(ushort);

    private const int FractionBits = 8 * DitherSizeInBytes;

    /// <summary>values[i] = the integer for x[i], rounded with the random 16 bits i of <paramref name="dither"/>.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Quantise(KernelPath path, FixedPointScale scale, ReadOnlySpan<float> x, ReadOnlySpan<byte> dither, Span<uint> values)
    {
        if (x.Length != values.Length || dither.Length != DitherSizeInBytes * x.Length)
            throw new ArgumentException("The spans differ in length.");
        ref float from = ref MemoryMarshal.GetReference(x);
        ref byte random = ref MemoryMarshal.GetReference(dither);
        ref uint to = ref MemoryMarshal.GetReference(values);
        double most = scale.Encoding.LargestMagnitude;
        long bias = Bias(scale.Encoding);
        uint mask = (uint)((1UL << scale.Encoding.Bits) - 1);
        int i = 0;
        if (path == KernelPath.Vector512)
        {
            Vector512<double> factor = Vector512.Create(scale.Factor), largest = Vector512.Create(most), smallest = Vector512.Create(-most);
            for (; i + 8 <= x.Length; i += 8)
            {
                Vector512<long> rounded = Rounded(Vector256.LoadUnsafe(ref from, (nuint)i), factor, smallest, largest);
                Vector512<long> r = Avx512F.ConvertToVector512Int64(Vector128.LoadUnsafe(ref random, (nuint)(DitherSizeInBytes * i)).AsUInt16());
                Vector512<long> value = (rounded + Vector512.Create(bias) + r) >>> FractionBits;
                (Avx512F.ConvertToVector256UInt32(value.AsUInt64()) & Vector256.Create(mask)).StoreUnsafe(ref to, (nuint)i);
            }
        }
        else if (path == KernelPath.Vector256)
        {
            Vector256<double> factor = Vector256.Create(scale.Factor), largest = Vector256.Create(most), smallest = Vector256.Create(-most);
            for (; i + 4 <= x.Length; i += 4)
            {
                Vector256<double> held = Avx.Min(Avx.Max(Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref from, (nuint)i)) * factor, smallest), largest);
                Vector256<long> rounded = Fma.MultiplyAdd(held, Vector256.Create((double)(1 << FractionBits)), Vector256.Create(ILane<double>.RoundingMagic)).AsInt64();
                Vector128<ushort> words = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref random, DitherSizeInBytes * i))).AsUInt16();
                Vector256<long> value = (rounded + Vector256.Create(bias) + Avx2.ConvertToVector256Int64(words)) >>> FractionBits;
                Vector128<uint> packed = Avx2.PermuteVar8x32(value.AsInt32(), Vector256.Create(0, 2, 4, 6, 0, 0, 0, 0)).GetLower().AsUInt32();
                (packed & Vector128.Create(mask)).StoreUnsafe(ref to, (nuint)i);
            }
        }
        for (; i < x.Length; i++)
        {
            double scaled = x[i] * scale.Factor;
            // As the instructions do it; a comparison would become a branch.
            double held = double.MinNative(double.MaxNative(scaled, -most), most);
            long rounded = BitConverter.DoubleToInt64Bits(Math.FusedMultiplyAdd(held, 1 << FractionBits, ILane<double>.RoundingMagic));
            values[i] = (uint)((rounded + bias + BinaryPrimitives.ReadUInt16LittleEndian(dither[(DitherSizeInBytes * i)..])) >>> FractionBits) & mask;
        }
    }

    /// <summary>values[i] = unit (sums[i] - zero), in double precision, rounded to 32 bits at the end; sums below 2^49.</summary>
    [MethodImpl(KernelMethod.Options)]
    internal static void Dequantise(KernelPath path, ReadOnlySpan<ulong> sums, double zero, double unit, Span<float> values)
    {
        if (sums.Length != values.Length)
            throw new ArgumentException("The spans differ in length.");
        ref ulong from = ref MemoryMarshal.GetReference(sums);
        ref float to = ref MemoryMarshal.GetReference(values);
        int i = 0;
        if (path == KernelPath.Vector512)
        {
            Vector512<double> middle = Vector512.Create(zero), factor = Vector512.Create(unit);
            for (; i + 8 <= sums.Length; i += 8)
            {
                Vector512<double> sum = Vector512.ConvertToDouble(Vector512.LoadUnsafe(ref from, (nuint)i).AsInt64());
                Avx512F.ConvertToVector256Single((sum - middle) * factor).StoreUnsafe(ref to, (nuint)i);
            }
        }
        for (; i < sums.Length; i++)
            values[i] = (float)(((long)sums[i] - zero) * unit);
    }

    // The bits of the fused sum are those of 1.5 * 2^52 plus R: the bias takes the former away and adds the zero point.
    private static long Bias(FixedPointEncoding encoding) =>
        (encoding.Zero << FractionBits) - BitConverter.DoubleToInt64Bits(ILane<double>.RoundingMagic);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Rounded(Vector256<float> x, Vector512<double> factor, Vector512<double> smallest, Vector512<double> largest)
    {
        Vector512<double> held = Avx512F.Min(Avx512F.Max(Avx512F.ConvertToVector512Double(x) * factor, smallest), largest);
        return Avx512F.FusedMultiplyAdd(held, Vector512.Create((double)(1 << FractionBits)), Vector512.Create(ILane<double>.RoundingMagic)).AsInt64();
    }
}
