using System.Security.Cryptography;

namespace QuantumFed.Transport;

/// <summary>
/// A recipient's ML-KEM-768 key pair (FIPS 203), to which senders seal payloads. The encapsulation key is registered; the private seed
/// stays here and is released on dispose. Thread safe until disposed.
/// </summary>
public sealed class PayloadKeyPair : IDisposable
{
    /// <summary>The encapsulation key's length (FIPS 203, table 3).</summary>
    public const int EncapsulationKeySizeInBytes = 1184;

    /// <summary>The private seed's length: d and z (FIPS 203, algorithm 19).</summary>
    public const int PrivateSeedSizeInBytes = 64;

    /// <summary>The shared secret's length (FIPS 203, table 3).</summary>
    internal const int SharedSecretSizeInBytes = 32;

    private readonly MLKem _key;
    private readonly byte[] _encapsulationKey;

    private PayloadKeyPair(MLKem key)
    {
        _key = key;
        _encapsulationKey = key.ExportEncapsulationKey();
    }

    /// <summary>The encapsulation key, 1184 bytes.</summary>
    public ReadOnlyMemory<byte> EncapsulationKey => _encapsulationKey;

    /// <summary>Makes a key pair from the operating system's randomness.</summary>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static PayloadKeyPair Generate()
    {
        OpenSslVersion.RequirePostQuantum();
        return new PayloadKeyPair(MLKem.GenerateKey(MLKemAlgorithm.MLKem768));
    }

    /// <summary>Restores a key pair.</summary>
    /// <param name="seed">The 64 bytes that were exported.</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static PayloadKeyPair ImportPrivateSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != PrivateSeedSizeInBytes)
            throw new ArgumentException($"A private seed has {PrivateSeedSizeInBytes} bytes, not {seed.Length}.", nameof(seed));
        OpenSslVersion.RequirePostQuantum();
        return new PayloadKeyPair(MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed));
    }

    /// <summary>Writes the private seed; the caller keeps it secret and zeroes it.</summary>
    /// <param name="destination">64 bytes.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The key pair is disposed.</exception>
    public void ExportPrivateSeed(Span<byte> destination)
    {
        if (destination.Length != PrivateSeedSizeInBytes)
            throw new ArgumentException($"A private seed has {PrivateSeedSizeInBytes} bytes, not {destination.Length}.", nameof(destination));
        _key.ExportPrivateSeed(destination);
    }

    /// <summary>Releases the private key.</summary>
    public void Dispose() => _key.Dispose();

    internal void Decapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret) => _key.Decapsulate(ciphertext, sharedSecret);
}
