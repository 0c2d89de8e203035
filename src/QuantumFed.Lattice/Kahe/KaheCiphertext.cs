using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>
/// A KAHE ciphertext, or a sum of them: blocks of n coefficients modulo each prime of q, kept as their canonical bytes, which take three quarters of the
/// room of their 64-bit residues. Immutable, thread safe.
/// </summary>
/// <remarks>It hides its message and nothing more: whoever changes it changes the message. Integrity is the transcript's business.</remarks>
public sealed class KaheCiphertext
{
    private readonly byte[] _bytes;

    /// <summary>Takes over canonical bytes, every coefficient below its prime.</summary>
    internal KaheCiphertext(KaheParameterSet set, byte[] bytes) => (Set, _bytes) = (set, bytes);

    /// <summary>The set whose ring its blocks are elements of.</summary>
    public KaheParameterSet Set { get; }

    /// <summary>How many blocks it has.</summary>
    public int Blocks => _bytes.Length / Set.BlockSizeInBytes;

    /// <summary>The canonical bytes: for each block and prime, each coefficient in 49 bits, little-endian, without gaps.</summary>
    /// <remarks>Eight coefficients of 49 bits fill whole bytes: there is no padding that could differ.</remarks>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>A copy of <see cref="Bytes"/>.</summary>
    public byte[] ToBytes() => (byte[])_bytes.Clone();

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length or a coefficient that is not below its prime.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blocks"/> is not between 1 and <see cref="KaheParameters.MaxBlocks"/>.</exception>
    public static bool TryParse(KaheParameters parameters, int blocks, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KaheCiphertext? ciphertext)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ciphertext = null;
        if (bytes.Length != parameters.CiphertextSizeInBytes(blocks))
            return false;
        // Copied before it is checked: what the caller does with its bytes later is none of the ciphertext's business.
        byte[] copy = bytes.ToArray();
        if (parameters.Set.AreCanonical(copy))
            ciphertext = new KaheCiphertext(parameters.Set, copy);
        return ciphertext is not null;
    }

    /// <summary>The bytes of one block.</summary>
    internal ReadOnlySpan<byte> Block(int block) => _bytes.AsSpan(block * Set.BlockSizeInBytes, Set.BlockSizeInBytes);
}
