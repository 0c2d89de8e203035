using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>What one thread needs to draw public elements without allocating for each. Not thread safe.</summary>
internal sealed class ElementDrawing(KaheParameterSet set) : IDisposable
{
    private const int CacheLineSizeInBytes = 64;
    private const ulong WordMask = (1UL << Modulus.MaxBits) - 1;

    private readonly RandomStream _stream = RandomStream.FromSeed([], PublicElements.Domain);
    private readonly ScratchBuffer<byte> _words = new(sizeof(ulong) * set.RingDegree);
    private readonly ScratchBuffer<double> _values = new(set.ElementSize);

    /// <summary>Room for the values of one element.</summary>
    internal Span<double> Values => _values.Span;

    /// <summary>Draws a_<paramref name="block"/> of a seed of 32 bytes, as <see cref="PublicElements"/> says.</summary>
    internal void Draw(ReadOnlySpan<byte> seed, int block, Span<double> values)
    {
        Span<byte> blockSeed = stackalloc byte[PublicElements.SeedSizeInBytes + sizeof(int) + 1];
        seed.CopyTo(blockSeed);
        BinaryPrimitives.WriteInt32LittleEndian(blockSeed[PublicElements.SeedSizeInBytes..], block);
        for (int i = 0; i < set.Rings.Count; i++)
        {
            blockSeed[^1] = (byte)i;
            _stream.Restart(set.Rings.Count == 1 ? blockSeed[..^1] : blockSeed, PublicElements.Domain);
            Draw(set.Rings[i].Modulus, values.Slice(i * set.RingDegree, set.RingDegree));
        }
    }

    /// <summary>Begins to bring an element nearer to the processor.</summary>
    internal static unsafe void Prefetch(ReadOnlySpan<double> element)
    {
        if (!Sse.IsSupported)
            return;
        fixed (double* values = element)
        {
            for (int i = 0; i < element.Length; i += CacheLineSizeInBytes / sizeof(double))
                Sse.Prefetch1(values + i);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _words.Dispose();
        _values.Dispose();
    }

    // A word of 49 bits is at or above q once in 2^34: such a batch is taken word by word, and any other at once.
    private void Draw(Modulus modulus, Span<double> values)
    {
        int drawn = 0;
        Span<byte> bytes = _words.Span;
        while (drawn < values.Length)
        {
            _stream.Fill(bytes);
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
            if (drawn == 0 && BitConverter.IsLittleEndian && KernelPaths.Widest == KernelPath.Vector512 && TryCentreAll(modulus, words, values))
                return;
            for (int i = 0; i < bytes.Length && drawn < values.Length; i += sizeof(ulong))
            {
                ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]) & WordMask;
                if (word < modulus.Value)
                    values[drawn++] = modulus.Centre(word);
            }
        }
    }

    private static bool TryCentreAll(Modulus modulus, ReadOnlySpan<ulong> words, Span<double> values)
    {
        ref ulong word = ref MemoryMarshal.GetReference(words);
        ref double value = ref MemoryMarshal.GetReference(values);
        Vector512<ulong> mask = Vector512.Create(WordMask), largest = Vector512.Create(modulus.Value - 1), over = Vector512<ulong>.Zero;
        Vector512<long> middle = Vector512.Create((long)(modulus.Value >> 1)), q = Vector512.Create((long)modulus.Value);
        for (nuint i = 0; i < (nuint)values.Length; i += 8)
        {
            Vector512<ulong> residue = Vector512.LoadUnsafe(ref word, i) & mask;
            over |= largest - residue;
            Vector512<long> centred = residue.AsInt64() - (((middle - residue.AsInt64()) >> 63) & q);
            Vector512.ConvertToDouble(centred).StoreUnsafe(ref value, i);
        }
        return Vector512.GreaterThanOrEqualAll(over.AsInt64(), Vector512<long>.Zero);
    }
}
