using System.Security.Cryptography;
using System.Text;

namespace QuantumFed.Besu;

/// <summary>Writes a private key as PEM without leaving a copy in memory.</summary>
internal static class PrivateKeyPem
{
    /// <summary>PKCS #8, not encrypted. The caller erases it.</summary>
    public static byte[] Of(AsymmetricAlgorithm key)
    {
        byte[] encoded = key.ExportPkcs8PrivateKey();
        char[] text = PemEncoding.Write("PRIVATE KEY", encoded);
        byte[] pem = GC.AllocateUninitializedArray<byte>(text.Length + 1, pinned: true);
        _ = Encoding.ASCII.GetBytes(text, pem);
        pem[^1] = (byte)'\n';
        CryptographicOperations.ZeroMemory(encoded);
        text.AsSpan().Clear();
        return pem;
    }
}
