using System.Security.Cryptography;

namespace QuantumFed.Lattice;

/// <summary>A committee member's key pair for one round: ML-KEM-768 (FIPS 203) and ECDH on P-256. Erased on dispose.</summary>
/// <remarks>Never backed up, erased after opening or abandonment: that is the protocol's forward secrecy. P-256 because .NET 10 has no
/// X25519. Needs an operating system with ML-KEM (<see cref="MLKem.IsSupported"/>). Not thread safe.</remarks>
public sealed class RoundKeyPair : IDisposable
{
    /// <summary>The length of the exported private key: ML-KEM's 64-byte seed (FIPS 203, section 7.1: d, z) and a 32-byte P-256 scalar.</summary>
    public const int PrivateKeySizeInBytes = SeedSizeInBytes + NistP256.CoordinateSizeInBytes;

    private const int SeedSizeInBytes = 64;

    private readonly MLKem _mlKem;
    private readonly ECDiffieHellman _curve;

    private RoundKeyPair(MLKem mlKem, ECDiffieHellman curve)
    {
        _mlKem = mlKem;
        _curve = curve;
        EncapsulationKey = RoundEncapsulationKey.Of(mlKem, curve);
    }

    /// <summary>The public half.</summary>
    public RoundEncapsulationKey EncapsulationKey { get; }

    /// <summary>A fresh pair.</summary>
    /// <exception cref="PlatformNotSupportedException">The platform has no ML-KEM (OpenSSL 3.5 or newer has).</exception>
    public static RoundKeyPair Generate() =>
        new(MLKem.GenerateKey(MLKemAlgorithm.MLKem768), ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Takes up an exported private key, so that a member can restart within a round.</summary>
    /// <exception cref="ArgumentException">The key is not 96 bytes long.</exception>
    /// <exception cref="CryptographicException">The scalar is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform has no ML-KEM.</exception>
    public static RoundKeyPair ImportPrivateKey(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != PrivateKeySizeInBytes)
            throw new ArgumentException($"A round's private key has {PrivateKeySizeInBytes} bytes, not {privateKey.Length}.", nameof(privateKey));
        byte[] scalar = GC.AllocateArray<byte>(NistP256.CoordinateSizeInBytes, pinned: true);
        privateKey[SeedSizeInBytes..].CopyTo(scalar);
        MLKem mlKem = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, privateKey[..SeedSizeInBytes]);
        try
        {
            return new RoundKeyPair(mlKem, NistP256.ImportPrivate(scalar));
        }
        catch
        {
            mlKem.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>The private key, 96 secret bytes: ML-KEM's seed, then the scalar. The caller erases them.</summary>
    public byte[] ExportPrivateKey()
    {
        byte[] bytes = GC.AllocateArray<byte>(PrivateKeySizeInBytes, pinned: true);
        _mlKem.ExportPrivateSeed(bytes.AsSpan(0, SeedSizeInBytes));
        byte[] scalar = _curve.ExportParameters(includePrivateParameters: true).D!;
        scalar.CopyTo(bytes.AsSpan(SeedSizeInBytes));
        CryptographicOperations.ZeroMemory(scalar);
        return bytes;
    }

    /// <summary>Erases the private key.</summary>
    public void Dispose()
    {
        _mlKem.Dispose();
        _curve.Dispose();
    }

    /// <summary>The two secrets, ML-KEM's first, that a sender to this key holds.</summary>
    /// <param name="mlKemCiphertext">1,088 bytes; a wrong one gives a random secret (implicit rejection).</param>
    /// <param name="senderPoint">A valid point.</param>
    /// <param name="secrets">Receives 64 bytes.</param>
    internal void Decapsulate(ReadOnlySpan<byte> mlKemCiphertext, ReadOnlySpan<byte> senderPoint, Span<byte> secrets)
    {
        _mlKem.Decapsulate(mlKemCiphertext, secrets[..ShareSeal.SecretSizeInBytes]);
        using ECDiffieHellman sender = NistP256.Import(senderPoint);
        ShareSeal.Agree(_curve, sender, secrets[ShareSeal.SecretSizeInBytes..]);
    }
}
