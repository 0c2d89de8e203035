using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Public uniform residues modulo q, centred: value i is the next little-endian 64-bit word cut to the bits of q, words not below q left out.</summary>
/// <remarks>How often a word is left out, and where, shows in the time taken: for public values. For q just below a power of two that is rare
/// (once in 2^34 words for <see cref="Modulus.LargestBelow2To49"/>), and all others go a vector at a time.</remarks>
internal static class UniformResidues
{
    /// <summary>Draws values in [-(q-1)/2, (q-1)/2].</summary>
    /// <param name="random">Where the words come from; words enough for all values are taken, and as many again as were left out.</param>
    /// <param name="modulus">q.</param>
    /// <param name="scratch">Space for at least one word; for all of them at once, eight bytes a value.</param>
    /// <param name="values">Receives the values.</param>
    internal static void Draw(RandomStream random, Modulus modulus, Span<byte> scratch, Span<double> values) =>
        Draw(KernelPaths.Widest, random, modulus, scratch, values);

    internal static void Draw(KernelPath path, RandomStream random, Modulus modulus, Span<byte> scratch, Span<double> values)
    {
        if (scratch.Length < sizeof(ulong))
            throw new ArgumentException("There is no space for one word.", nameof(scratch));
        while (!values.IsEmpty)
        {
            Span<byte> words = scratch[..(Math.Min(scratch.Length / sizeof(ulong), values.Length) * sizeof(ulong))];
            random.Fill(words);
            values = values[Take(path, words, modulus, values)..];
        }
    }

    /// <summary>Takes the words that are residues, at most as many as there are values; returns how many there were.</summary>
    internal static int Take(KernelPath path, ReadOnlySpan<byte> words, Modulus modulus, Span<double> values)
    {
        if (values.Length * sizeof(ulong) < words.Length)
            throw new ArgumentException("There are more words than values.", nameof(words));
        if (!BitConverter.IsLittleEndian)
            path = KernelPath.Scalar;
        int width = path switch { KernelPath.Vector512 => 8, KernelPath.Vector256 => 4, KernelPath.Vector128 => 2, _ => words.Length / sizeof(ulong) };
        int count = words.Length / sizeof(ulong), taken = 0, at = 0;
        ref ulong word = ref Unsafe.As<byte, ulong>(ref MemoryMarshal.GetReference(words));
        ref double value = ref MemoryMarshal.GetReference(values);
        while (at < count)
        {
            // No more values have been written than words read, so there is space for as many as there are words left.
            int run = path switch
            {
                KernelPath.Vector512 => CentreByEights(ref Unsafe.Add(ref word, at), count - at, modulus, ref Unsafe.Add(ref value, taken)),
                KernelPath.Vector256 => CentreByFours(ref Unsafe.Add(ref word, at), count - at, modulus, ref Unsafe.Add(ref value, taken)),
                KernelPath.Vector128 => CentreByTwos(ref Unsafe.Add(ref word, at), count - at, modulus, ref Unsafe.Add(ref value, taken)),
                _ => 0,
            };
            at += run;
            taken += run;
            // The next vector has a word to leave out, or there is no whole vector.
            int single = Math.Min(width, count - at);
            taken += TakeOneByOne(words.Slice(at * sizeof(ulong), single * sizeof(ulong)), modulus, values[taken..]);
            at += single;
        }
        return taken;
    }

    [MethodImpl(KernelMethod.Options)]
    private static int TakeOneByOne(ReadOnlySpan<byte> words, Modulus modulus, Span<double> values)
    {
        int taken = 0;
        ulong mask = (1UL << modulus.Bits) - 1;
        for (; words.Length >= sizeof(ulong); words = words[sizeof(ulong)..])
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(words) & mask;
            if (word < modulus.Value)
                values[taken++] = modulus.Centre(word);
        }
        return taken;
    }

    // Each of these centres the vectors before the first that has a word to leave out, and returns how many words that is.
    // A residue above (q-1)/2 loses q. |x| < 2^50 becomes a double by its sum with the bits of 1.5 * 2^52, whose low bits are the integer.
    [MethodImpl(KernelMethod.Options)]
    private static int CentreByEights(ref ulong words, int count, Modulus modulus, ref double values)
    {
        Vector512<double> magic = Vector512.Create(ILane<double>.RoundingMagic);
        Vector512<long> q = Vector512.Create((long)modulus.Value), middle = Vector512.Create((long)(modulus.Value >> 1)), mask = Vector512.Create((1L << modulus.Bits) - 1);
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector512<long> residue = Vector512.LoadUnsafe(ref words, (nuint)i).AsInt64() & mask;
            if (!Vector512.LessThanAll(residue, q))
                break;
            Vector512<long> centred = residue - (Vector512.GreaterThan(residue, middle) & q);
            ((centred + magic.AsInt64()).AsDouble() - magic).StoreUnsafe(ref values, (nuint)i);
        }
        return i;
    }

    [MethodImpl(KernelMethod.Options)]
    private static int CentreByFours(ref ulong words, int count, Modulus modulus, ref double values)
    {
        Vector256<double> magic = Vector256.Create(ILane<double>.RoundingMagic);
        Vector256<long> q = Vector256.Create((long)modulus.Value), middle = Vector256.Create((long)(modulus.Value >> 1)), mask = Vector256.Create((1L << modulus.Bits) - 1);
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            Vector256<long> residue = Vector256.LoadUnsafe(ref words, (nuint)i).AsInt64() & mask;
            if (!Vector256.LessThanAll(residue, q))
                break;
            Vector256<long> centred = residue - (Vector256.GreaterThan(residue, middle) & q);
            ((centred + magic.AsInt64()).AsDouble() - magic).StoreUnsafe(ref values, (nuint)i);
        }
        return i;
    }

    [MethodImpl(KernelMethod.Options)]
    private static int CentreByTwos(ref ulong words, int count, Modulus modulus, ref double values)
    {
        Vector128<double> magic = Vector128.Create(ILane<double>.RoundingMagic);
        Vector128<long> q = Vector128.Create((long)modulus.Value), middle = Vector128.Create((long)(modulus.Value >> 1)), mask = Vector128.Create((1L << modulus.Bits) - 1);
        int i = 0;
        for (; i + 2 <= count; i += 2)
        {
            Vector128<long> residue = Vector128.LoadUnsafe(ref words, (nuint)i).AsInt64() & mask;
            if (!Vector128.LessThanAll(residue, q))
                break;
            Vector128<long> centred = residue - (Vector128.GreaterThan(residue, middle) & q);
            ((centred + magic.AsInt64()).AsDouble() - magic).StoreUnsafe(ref values, (nuint)i);
        }
        return i;
    }
}
