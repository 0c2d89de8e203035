using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>The public ring elements a_0, a_1, ... of a round, uniform, the same for everyone who has the seed. Immutable, thread safe.</summary>
/// <remarks>
/// <para>a_k is drawn in evaluation form (the transform is a bijection, so it is uniform there too): value i is the next little-endian 64-bit
/// word of <see cref="RandomStream.FromSeed"/>(seed, k as 4 bytes little-endian; <see cref="Domain"/>), cut to 49 bits, words not below q
/// left out. The order of the values is the transform's (see <c>NttKernel</c>).</para>
/// <para>One set serves one round: two messages under one secret and one a_k would cancel it. 16 KiB a block.</para>
/// </remarks>
public sealed class PublicElements
{
    /// <summary>The seed's length in bytes.</summary>
    public const int SeedSizeInBytes = 32;

    /// <summary>The domain of the random streams that the elements come from.</summary>
    public const string Domain = "QuantumFed.Kahe.PublicElements.v1";

    private const ulong WordMask = (1UL << Lattice.Modulus.MaxBits) - 1;

    private readonly double[] _values;

    private PublicElements(double[] values, int blocks) => (_values, Blocks) = (values, blocks);

    /// <summary>How many elements there are.</summary>
    public int Blocks { get; }

    /// <summary>Draws the elements.</summary>
    /// <param name="parameters">Fixes the ring.</param>
    /// <param name="seed32">32 public bytes that nobody could choose, such as a hash over the round and a later block's hash.</param>
    /// <param name="blocks">How many, from 1 to <see cref="KaheParameters.MaxBlocks"/>.</param>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long, or <paramref name="blocks"/> is out of range.</exception>
    public static PublicElements Expand(KaheParameters parameters, ReadOnlySpan<byte> seed32, int blocks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (seed32.Length != SeedSizeInBytes)
            throw new ArgumentException($"The seed has {SeedSizeInBytes} bytes, not {seed32.Length}.", nameof(seed32));
        KaheParameters.RequireBlocks(blocks, nameof(blocks));

        NegacyclicRing ring = KaheParameters.Ring;
        double[] values = GC.AllocateUninitializedArray<double>(blocks * ring.Degree);
        Span<byte> blockSeed = stackalloc byte[SeedSizeInBytes + sizeof(int)];
        seed32.CopyTo(blockSeed);
        byte[] scratch = new byte[ring.Degree * sizeof(ulong)];
        for (int block = 0; block < blocks; block++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(blockSeed[SeedSizeInBytes..], block);
            using RandomStream random = RandomStream.FromSeed(blockSeed, Domain);
            Draw(random, ring.Modulus, scratch, values.AsSpan(block * ring.Degree, ring.Degree));
        }
        return new PublicElements(values, blocks);
    }

    /// <summary>The values of a_k, centred.</summary>
    internal ReadOnlySpan<double> Block(int block) => _values.AsSpan(block * KaheParameters.Ring.Degree, KaheParameters.Ring.Degree);

    // A word of 49 bits is at or above q once in 2^34: such a batch is taken word by word, and any other at once.
    private static void Draw(RandomStream random, Modulus modulus, Span<byte> scratch, Span<double> values)
    {
        int drawn = 0;
        while (drawn < values.Length)
        {
            random.Fill(scratch);
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(scratch);
            if (drawn == 0 && BitConverter.IsLittleEndian && KernelPaths.Widest == KernelPath.Vector512 && TryCentreAll(modulus, words, values))
                return;
            for (int i = 0; i < scratch.Length && drawn < values.Length; i += sizeof(ulong))
            {
                ulong word = BinaryPrimitives.ReadUInt64LittleEndian(scratch[i..]) & WordMask;
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
