using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>A KAHE ciphertext, or a sum of them: blocks of 2048 coefficients modulo q. Immutable, thread safe.</summary>
/// <remarks>It hides its message and nothing more: whoever changes it changes the message. Integrity is the transcript's business.</remarks>
public sealed class KaheCiphertext
{
    private readonly ulong[] _residues;

    internal KaheCiphertext(ulong[] residues) => _residues = residues;

    /// <summary>How many blocks it has.</summary>
    public int Blocks => _residues.Length / KaheParameters.Ring.Degree;

    internal ReadOnlySpan<ulong> Residues => _residues;

    /// <summary>The canonical bytes: each coefficient in 49 bits, little-endian, without gaps; 12,544 bytes a block.</summary>
    /// <remarks>2048 coefficients of 49 bits fill whole bytes: there is no padding that could differ.</remarks>
    public byte[] ToBytes()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(_residues.Length / CoefficientPacking.GroupCoefficients * CoefficientPacking.GroupSizeInBytes);
        CoefficientPacking.Pack(_residues, bytes);
        return bytes;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length or a coefficient that is not below q.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blocks"/> is not between 1 and <see cref="KaheParameters.MaxBlocks"/>.</exception>
    public static bool TryParse(KaheParameters parameters, int blocks, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KaheCiphertext? ciphertext)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ciphertext = null;
        if (bytes.Length != parameters.CiphertextSizeInBytes(blocks))
            return false;
        ulong[] residues = GC.AllocateUninitializedArray<ulong>(blocks * parameters.RingDegree);
        if (!CoefficientPacking.TryUnpack(bytes, residues, parameters.Modulus))
            return false;
        ciphertext = new KaheCiphertext(residues);
        return true;
    }
}
