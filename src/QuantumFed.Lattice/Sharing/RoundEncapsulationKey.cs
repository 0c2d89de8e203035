using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace QuantumFed.Lattice;

/// <summary>The public half of a committee member's round key: an ML-KEM-768 encapsulation key and a P-256 point. Immutable, thread safe.</summary>
public sealed class RoundEncapsulationKey
{
    /// <summary>The length of the canonical bytes: 1,184 of ML-KEM (FIPS 203, table 3), 65 of the uncompressed point (SEC 1, section 2.3.3).</summary>
    public const int SizeInBytes = MLKemSizeInBytes + NistP256.PointSizeInBytes;

    internal const int MLKemSizeInBytes = 1184;

    private const int MLKemPrime = 3329;
    private const int MLKemSeedSizeInBytes = 32;

    private readonly byte[] _bytes;

    private RoundEncapsulationKey(byte[] bytes) => _bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlySpan<byte> MLKemKey => _bytes.AsSpan(0, MLKemSizeInBytes);

    internal ReadOnlySpan<byte> Point => _bytes.AsSpan(MLKemSizeInBytes);

    /// <summary>The canonical bytes: the ML-KEM key, then the point.</summary>
    public byte[] ToBytes() => (byte[])_bytes.Clone();

    /// <summary>Reads canonical bytes; <see langword="false"/> for a wrong length, an ML-KEM key with a coefficient that is not reduced (the modulus
    /// check of FIPS 203, section 7.2), or a point that is not on the curve (SP 800-56A rev. 3, section 5.6.2.3.3).</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RoundEncapsulationKey? key)
    {
        key = null;
        if (bytes.Length != SizeInBytes
            || !AreReduced(bytes[..(MLKemSizeInBytes - MLKemSeedSizeInBytes)])
            || !NistP256.IsValidPoint(bytes[MLKemSizeInBytes..]))
            return false;
        key = new RoundEncapsulationKey(bytes.ToArray());
        return true;
    }

    internal static RoundEncapsulationKey Of(MLKem mlKem, ECDiffieHellman curve)
    {
        byte[] bytes = new byte[SizeInBytes];
        mlKem.ExportEncapsulationKey(bytes.AsSpan(0, MLKemSizeInBytes));
        NistP256.WritePoint(curve, bytes.AsSpan(MLKemSizeInBytes));
        return new RoundEncapsulationKey(bytes);
    }

    /// <summary>768 coefficients of 12 bits, two in three bytes, each below 3329.</summary>
    private static bool AreReduced(ReadOnlySpan<byte> packed)
    {
        for (int i = 0; i < packed.Length; i += 3)
        {
            int pair = packed[i] | (packed[i + 1] << 8) | (packed[i + 2] << 16);
            if ((pair & 0xFFF) >= MLKemPrime || pair >> 12 >= MLKemPrime)
                return false;
        }
        return true;
    }
}
