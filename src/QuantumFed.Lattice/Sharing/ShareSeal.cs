using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.Lattice;

/// <summary>Seals a share to a committee member's round key: secret as long as either ML-KEM-768 or ECDH on P-256 stands.</summary>
/// <remarks>
/// <para>Bytes: version 1, ML-KEM ciphertext (1,088), ephemeral P-256 point (65), AES-256-GCM ciphertext of the share, tag (16).</para>
/// <para>Key and nonce are HKDF-SHA384 (RFC 5869) of both shared secrets, ML-KEM's first: the two-step key derivation of NIST SP 800-56C
/// rev. 2, whose section 2 admits the concatenation of secrets of two schemes, as does SP 800-227 for KEMs. The info is a label and SHA-384 of the ML-KEM
/// ciphertext, the ephemeral point, the receiver's encapsulation key (both its parts) and the associated data, so that the key fits
/// nothing but that exchange. Both secrets are fresh for each sealing, so a key serves one message and its nonce may be derived.</para>
/// <para>The associated data is also GCM's, after the version byte.</para>
/// </remarks>
public static class ShareSeal
{
    /// <summary>The length of a sealed share.</summary>
    public static int SizeInBytes(KaheParameterSet set) => ShareOffset + SecretShare.SizeInBytes(set) + TagSizeInBytes;

    internal const int SecretSizeInBytes = 32;

    private const byte Version = 1;
    private const int CiphertextSizeInBytes = 1088;
    private const int PointOffset = 1 + CiphertextSizeInBytes;
    private const int ShareOffset = PointOffset + NistP256.PointSizeInBytes;
    private const int KeySizeInBytes = 32;
    private const int NonceSizeInBytes = 12;
    private const int TagSizeInBytes = 16;
    private static readonly byte[] s_label = Encoding.ASCII.GetBytes("QuantumFed.ShareSeal.v1");

    /// <summary>Seals a share.</summary>
    /// <param name="share">The share.</param>
    /// <param name="receiverKey">The receiver's key, whose signature the caller has verified.</param>
    /// <param name="associatedData">What the share belongs to: chain, contract, federation, round, dealer, receiver.</param>
    /// <exception cref="PlatformNotSupportedException">The platform has no ML-KEM.</exception>
    public static byte[] Seal(SecretShare share, RoundEncapsulationKey receiverKey, ReadOnlySpan<byte> associatedData)
    {
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(receiverKey);
        byte[] sealedShare = new byte[SizeInBytes(share.Set)];
        sealedShare[0] = Version;
        Span<byte> secrets = stackalloc byte[2 * SecretSizeInBytes];
        Encapsulate(receiverKey, sealedShare, secrets);

        byte[] plaintext = share.ToBytes();
        Span<byte> body = sealedShare.AsSpan(ShareOffset);
        Span<byte> keyAndNonce = stackalloc byte[KeySizeInBytes + NonceSizeInBytes];
        DeriveKey(secrets, sealedShare, receiverKey, associatedData, keyAndNonce);
        using (var gcm = new AesGcm(keyAndNonce[..KeySizeInBytes], TagSizeInBytes))
            gcm.Encrypt(keyAndNonce[KeySizeInBytes..], plaintext, body[..plaintext.Length], body[plaintext.Length..], Bind(associatedData));
        CryptographicOperations.ZeroMemory(plaintext);
        CryptographicOperations.ZeroMemory(keyAndNonce);
        return sealedShare;
    }

    /// <summary>Opens a sealed share; <see langword="false"/> if anything about it is wrong: length, version, point, key, associated data, a changed
    /// byte, or a content that is no share.</summary>
    public static bool TryOpen(
        KaheParameterSet set, RoundKeyPair receiver, ReadOnlySpan<byte> sealedShare, ReadOnlySpan<byte> associatedData, [NotNullWhen(true)] out SecretShare? share)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        share = null;
        if (sealedShare.Length != SizeInBytes(set) || sealedShare[0] != Version)
            return false;
        ReadOnlySpan<byte> point = sealedShare[PointOffset..ShareOffset];
        if (!NistP256.IsValidPoint(point))
            return false;

        Span<byte> secrets = stackalloc byte[2 * SecretSizeInBytes];
        receiver.Decapsulate(sealedShare[1..PointOffset], point, secrets);
        Span<byte> keyAndNonce = stackalloc byte[KeySizeInBytes + NonceSizeInBytes];
        DeriveKey(secrets, sealedShare, receiver.EncapsulationKey, associatedData, keyAndNonce);
        byte[] plaintext = GC.AllocateArray<byte>(SecretShare.SizeInBytes(set), pinned: true);
        try
        {
            using var gcm = new AesGcm(keyAndNonce[..KeySizeInBytes], TagSizeInBytes);
            ReadOnlySpan<byte> body = sealedShare[ShareOffset..];
            gcm.Decrypt(keyAndNonce[KeySizeInBytes..], body[..plaintext.Length], body[plaintext.Length..], plaintext, Bind(associatedData));
            return SecretShare.TryParse(set, plaintext, out share);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
            CryptographicOperations.ZeroMemory(keyAndNonce);
        }
    }

    /// <summary>The x-coordinate of the shared point (SP 800-56A rev. 3, section 5.7.1.2), 32 bytes.</summary>
    internal static void Agree(ECDiffieHellman own, ECDiffieHellman other, Span<byte> secret)
    {
        using ECDiffieHellmanPublicKey publicKey = other.PublicKey;
        byte[] agreement = own.DeriveRawSecretAgreement(publicKey);
        agreement.CopyTo(secret);
        CryptographicOperations.ZeroMemory(agreement);
    }

    private static void Encapsulate(RoundEncapsulationKey receiverKey, Span<byte> sealedShare, Span<byte> secrets)
    {
        using MLKem mlKem = MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, receiverKey.MLKemKey);
        mlKem.Encapsulate(sealedShare[1..PointOffset], secrets[..SecretSizeInBytes]);
        using ECDiffieHellman ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using ECDiffieHellman receiver = NistP256.Import(receiverKey.Point);
        NistP256.WritePoint(ephemeral, sealedShare[PointOffset..ShareOffset]);
        Agree(ephemeral, receiver, secrets[SecretSizeInBytes..]);
    }

    /// <summary>Erases <paramref name="secrets"/>.</summary>
    private static void DeriveKey(
        Span<byte> secrets, ReadOnlySpan<byte> sealedShare, RoundEncapsulationKey receiverKey, ReadOnlySpan<byte> associatedData, Span<byte> keyAndNonce)
    {
        using IncrementalHash transcript = IncrementalHash.CreateHash(HashAlgorithmName.SHA384);
        // All but the associated data have fixed lengths, and it comes last: no two exchanges give the same bytes.
        transcript.AppendData(sealedShare[..ShareOffset]);
        transcript.AppendData(receiverKey.Bytes);
        transcript.AppendData(associatedData);
        byte[] info = [.. s_label, .. transcript.GetHashAndReset()];
        HKDF.DeriveKey(HashAlgorithmName.SHA384, secrets, keyAndNonce, salt: [], info);
        CryptographicOperations.ZeroMemory(secrets);
    }

    private static byte[] Bind(ReadOnlySpan<byte> associatedData) => [Version, .. associatedData];
}
