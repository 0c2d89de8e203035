using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>The uniform distribution on -1, 0, 1.</summary>
/// <remarks>
/// <para>A byte below 243 = 3^5 is uniform over five ternary digits; other bytes, 13 of 256, are left out. Which bytes are left out depends on bytes that
/// are not used, so that the time taken, which depends on their number alone, says nothing about the samples. Nothing else in time or memory
/// accesses depends on a byte.</para>
/// <para>Samples go in groups of eighty from sixteen accepted bytes: sample 16 j + i of a group is digit j, the most significant first, of byte i.</para>
/// </remarks>
internal static class Ternary
{
    private const int Digits = 5;
    private const int Accepted = 243;
    private const int GroupBytes = 16;
    private const int GroupSamples = Digits * GroupBytes;
    private const int Scale = 270;

    /// <summary>The accepted bytes that a number of samples takes, and the scratch space: whole groups of sixteen.</summary>
    internal static int BytesFor(int samples) => (samples + GroupSamples - 1) / GroupSamples * GroupBytes;

    /// <summary>Draws <paramref name="samples"/>, with <paramref name="scratch"/> (<see cref="BytesFor"/>) for the random bytes. The caller erases it.</summary>
    internal static void Sample(RandomStream random, Span<byte> scratch, Span<int> samples)
    {
        scratch = scratch[..BytesFor(samples.Length)];
        int accepted = 0;
        while (accepted < scratch.Length)
        {
            random.Fill(scratch[accepted..]);
            accepted += Compact(scratch[accepted..]);
        }
        Convert(KernelPaths.Widest, scratch, samples);
    }

    /// <summary>Moves the bytes below 243 to the front, in order; returns their number.</summary>
    /// <remarks>Every byte is written to the place after those accepted so far, and counted or not without a branch.</remarks>
    [MethodImpl(KernelMethod.Options)]
    internal static int Compact(Span<byte> bytes)
    {
        int accepted = 0;
        foreach (byte x in bytes)
        {
            bytes[accepted] = x;
            accepted += (int)((uint)(x - Accepted) >> 31);
        }
        return accepted;
    }

    /// <summary>The samples of accepted bytes.</summary>
    internal static void Convert(KernelPath path, ReadOnlySpan<byte> accepted, Span<int> samples)
    {
        for (; samples.Length >= GroupSamples; samples = samples[GroupSamples..], accepted = accepted[GroupBytes..])
            ConvertGroup(path, accepted, samples);
        if (samples.IsEmpty)
            return;
        Span<int> last = stackalloc int[GroupSamples];
        ConvertGroup(path, accepted, last);
        last[..samples.Length].CopyTo(samples);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(last));
    }

    // f = 270 x < 2^16 stands for the fraction f / 2^16, which is x / 243 and at most 242 (270 / 2^16 - 1/243) < 0.0012 < 1/243 more: in
    // [x / 243, (x + 1) / 243), where all fractions begin with the five ternary digits of x. Three times the fraction has the next digit as its whole part.
    [MethodImpl(KernelMethod.Options)]
    private static void ConvertGroup(KernelPath path, ReadOnlySpan<byte> accepted, Span<int> samples)
    {
        Vector128<byte> bytes = Vector128.Create(accepted[..GroupBytes]);
        ref int sample = ref MemoryMarshal.GetReference(samples[..GroupSamples]);
        switch (path)
        {
            case KernelPath.Vector512:
                ConvertVector(Avx512F.ConvertToVector512Int32(bytes), ref sample);
                break;
            case KernelPath.Vector256:
                Vector256<short> words = Avx2.ConvertToVector256Int16(bytes);
                ConvertVector(Avx2.ConvertToVector256Int32(words.GetLower()), ref sample);
                ConvertVector(Avx2.ConvertToVector256Int32(words.GetUpper()), ref Unsafe.Add(ref sample, 8));
                break;
            case KernelPath.Vector128:
                (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(bytes);
                (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(lower);
                (Vector128<uint> third, Vector128<uint> fourth) = Vector128.Widen(upper);
                ConvertVector(first.AsInt32(), ref sample);
                ConvertVector(second.AsInt32(), ref Unsafe.Add(ref sample, 4));
                ConvertVector(third.AsInt32(), ref Unsafe.Add(ref sample, 8));
                ConvertVector(fourth.AsInt32(), ref Unsafe.Add(ref sample, 12));
                break;
            default:
                for (int i = 0; i < GroupBytes; i++)
                {
                    int fraction = accepted[i] * Scale;
                    for (int digit = 0; digit < Digits; digit++)
                    {
                        int tripled = 3 * fraction;
                        samples[GroupBytes * digit + i] = (tripled >> 16) - 1;
                        fraction = tripled & ushort.MaxValue;
                    }
                }
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvertVector(Vector512<int> bytes, ref int sample)
    {
        Vector512<int> fraction = bytes * Scale;
        for (nuint digit = 0; digit < Digits; digit++)
        {
            Vector512<int> tripled = fraction + fraction + fraction;
            ((tripled >>> 16) - Vector512<int>.One).StoreUnsafe(ref sample, GroupBytes * digit);
            fraction = tripled & Vector512.Create((int)ushort.MaxValue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvertVector(Vector256<int> bytes, ref int sample)
    {
        Vector256<int> fraction = bytes * Scale;
        for (nuint digit = 0; digit < Digits; digit++)
        {
            Vector256<int> tripled = fraction + fraction + fraction;
            ((tripled >>> 16) - Vector256<int>.One).StoreUnsafe(ref sample, GroupBytes * digit);
            fraction = tripled & Vector256.Create((int)ushort.MaxValue);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvertVector(Vector128<int> bytes, ref int sample)
    {
        Vector128<int> fraction = bytes * Scale;
        for (nuint digit = 0; digit < Digits; digit++)
        {
            Vector128<int> tripled = fraction + fraction + fraction;
            ((tripled >>> 16) - Vector128<int>.One).StoreUnsafe(ref sample, GroupBytes * digit);
            fraction = tripled & Vector128.Create((int)ushort.MaxValue);
        }
    }
}
