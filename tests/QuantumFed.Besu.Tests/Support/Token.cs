using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace QuantumFed.Besu.Tests;

/// <summary>A JSON Web Token that its public key verifies (RFC 7515, section 5.2; RS256 only).</summary>
internal sealed record Token(string[] Permissions, DateTimeOffset Issued, DateTimeOffset Expires)
{
    public static bool TryVerify(string text, string publicKeyPem, out Token? token)
    {
        token = null;
        string[] parts = text.Split('.');
        if (parts.Length != 3)
            return false;
        using RSA key = RSA.Create();
        key.ImportFromPem(publicKeyPem);
        using JsonDocument header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        if (header.RootElement.GetProperty("alg").GetString() != "RS256"
            || !key.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return false;
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        token = new Token(
            [.. claims.RootElement.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString()!)],
            DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("iat").GetInt64()),
            DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64()));
        return true;
    }
}
