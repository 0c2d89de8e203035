using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.Protocol;

/// <summary>A party's ML-DSA-65 private key (FIPS 204) for records; never the one of its TLS certificate. Dispose zeroes it.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly MLDsa _key;

    private SigningKey(MLDsa key)
    {
        _key = key;
        VerificationKey = VerificationKey.TryParse(key.ExportMLDsaPublicKey(), out VerificationKey? verification)
            ? verification
            : throw new CryptographicException("The ML-DSA key's public half cannot be read back.");
    }

    /// <summary>The public half.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>Whether this process has ML-DSA, that is, runs on OpenSSL 3.5 or newer.</summary>
    public static bool IsSupported => MLDsa.IsSupported;

    /// <summary>Makes a fresh key from the operating system's generator.</summary>
    public static SigningKey Generate() => new(MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65));

    /// <summary>Reads the PKCS #8 PEM that <see cref="ExportPem"/> wrote.</summary>
    /// <exception cref="ArgumentException">The text holds no such key.</exception>
    /// <exception cref="CryptographicException">The key is damaged, or not ML-DSA-65.</exception>
    public static SigningKey ImportPem(string pem)
    {
        MLDsa key = MLDsa.ImportFromPem(pem);
        if (key.Algorithm == MLDsaAlgorithm.MLDsa65)
            return new SigningKey(key);
        key.Dispose();
        throw new CryptographicException("The signing key is not an ML-DSA-65 key.");
    }

    /// <summary>The private key as PKCS #8 PEM. Secret.</summary>
    public string ExportPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs a record's canonical bytes under its kind's context (hedged signing, FIPS 204 section 5.2).</summary>
    public byte[] Sign(RecordKind kind, ReadOnlySpan<byte> body)
    {
        byte[] signature = new byte[SignedMessage.SignatureSizeInBytes];
        _key.SignData(body, signature, ContextOf(kind));
        return signature;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>The FIPS 204 context string of a kind: "QuantumFed/", its name, "/v1", in ASCII.</summary>
    internal static byte[] ContextOf(RecordKind kind) => Encoding.ASCII.GetBytes($"QuantumFed/{kind}/v1");
}
