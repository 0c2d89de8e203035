using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace QuantumFed.Besu;

/// <summary>Signs the tokens one validator's JSON-RPC accepts (JSON Web Tokens, RFC 7519, by RS256 as Besu verifies unless told otherwise).</summary>
public sealed class RpcTokenIssuer : IDisposable
{
    private const int KeySizeInBits = 3072;

    private readonly RSA _key = RSA.Create(KeySizeInBits);

    /// <summary>What parties of rounds need: to send transactions and to read.</summary>
    public static ImmutableArray<string> ClientPermissions { get; } = ["eth:*", "net:*", "web3:*"];

    /// <summary>What the validator's operator needs besides: to vote on validators, to see peers and the pool, to read permissions again.</summary>
    public static ImmutableArray<string> OperatorPermissions { get; } = [.. ClientPermissions, "qbft:*", "admin:*", "perm:*", "txpool:*"];

    /// <summary>The public key, PEM.</summary>
    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>The private key, PEM (PKCS #8). The caller erases it.</summary>
    internal byte[] WriteKey() => PrivateKeyPem.Of(_key);

    /// <summary>A token: whoever holds it may call what it permits until it expires, so it is a secret. The caller erases it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is not positive.</exception>
    public byte[] Issue(ImmutableArray<string> permissions, DateTimeOffset now, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArrayBufferWriter<byte> claims = new();
        using (Utf8JsonWriter writer = new(claims))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("permissions");
            foreach (string permission in permissions)
                writer.WriteStringValue(permission);
            writer.WriteEndArray();
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            writer.WriteEndObject();
        }
        byte[] signed = [.. Base64Url.EncodeToUtf8("""{"alg":"RS256","typ":"JWT"}"""u8), (byte)'.', .. Base64Url.EncodeToUtf8(claims.WrittenSpan)];
        byte[] signature = _key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        byte[] token = GC.AllocateUninitializedArray<byte>(signed.Length + 1 + Base64Url.GetEncodedLength(signature.Length), pinned: true);
        signed.CopyTo(token, 0);
        token[signed.Length] = (byte)'.';
        _ = Base64Url.EncodeToUtf8(signature, token.AsSpan(signed.Length + 1));
        CryptographicOperations.ZeroMemory(signature);
        return token;
    }

    /// <summary>Erases the key.</summary>
    public void Dispose() => _key.Dispose();
}
