using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>What one thread needs to draw public elements without allocating for each. Not thread safe.</summary>
internal sealed class ElementDrawing(KaheParameterSet set) : IDisposable
{
    private const int CacheLineSizeInBytes = 64;

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
            UniformResidues.Draw(_stream, set.Rings[i].Modulus, _words.Span, values.Slice(i * set.RingDegree, set.RingDegree));
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
}
