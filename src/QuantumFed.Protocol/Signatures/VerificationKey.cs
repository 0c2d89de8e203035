using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace QuantumFed.Protocol;

/// <summary>An ML-DSA-65 public key (FIPS 204, table 2: 1952 bytes) that checks a party's record signatures. Immutable and thread-safe.</summary>
public sealed class VerificationKey
{
    /// <summary>The encoded key's length in bytes (FIPS 204, table 2, ML-DSA-65).</summary>
    public const int SizeInBytes = 1952;

    private readonly byte[] _encoded;
    private readonly MLDsa _key;

    private VerificationKey(byte[] encoded, MLDsa key) => (_encoded, _key) = (encoded, key);

    /// <summary>SHA-256 of the encoded key: how the ledger names it.</summary>
    public Digest Digest => Digest.Of(_encoded);

    /// <summary>Reads an encoded key; <see langword="false"/> if the bytes are none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (encoded.Length != SizeInBytes)
            return false;
        try
        {
            key = new VerificationKey(encoded.ToArray(), MLDsa.ImportMLDsaPublicKey(MLDsaAlgorithm.MLDsa65, encoded));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The encoded key, in a new array.</summary>
    public byte[] ToArray() => (byte[])_encoded.Clone();

    /// <summary>Whether <paramref name="signature"/> is this key's over <paramref name="body"/> as a record of that kind.</summary>
    public bool Verifies(RecordKind kind, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature) =>
        signature.Length == SignedMessage.SignatureSizeInBytes && _key.VerifyData(body, signature, SigningKey.ContextOf(kind));
}
