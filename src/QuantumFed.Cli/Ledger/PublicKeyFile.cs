using System.Security.Cryptography;
using System.Text;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Public keys in files: PEM (SubjectPublicKeyInfo), or the encoded key's bytes as they are.</summary>
internal static class PublicKeyFile
{
    // Larger than any PEM of a key here.
    private const int MaxSizeInBytes = 16 * 1024;

    // FIPS 203, table 3.
    private const int SealingKeySizeInBytes = 1184;

    /// <summary>An encoded ML-DSA-65 key.</summary>
    /// <exception cref="SettingsException">The file holds none.</exception>
    public static byte[] ReadSigningKey(string path) => Read(
        path, VerificationKey.SizeInBytes, "an ML-DSA-65 public key",
        pem =>
        {
            using MLDsa key = MLDsa.ImportFromPem(pem);
            return key.ExportMLDsaPublicKey();
        });

    /// <summary>An encoded ML-KEM-768 key.</summary>
    /// <exception cref="SettingsException">The file holds none.</exception>
    public static byte[] ReadSealingKey(string path) => Read(
        path, SealingKeySizeInBytes, "an ML-KEM-768 encapsulation key",
        pem =>
        {
            using MLKem key = MLKem.ImportFromPem(pem);
            return key.ExportEncapsulationKey();
        });

    /// <summary>Writes an ML-DSA-65 key as PEM.</summary>
    public static void Write(string path, VerificationKey key)
    {
        using MLDsa exported = MLDsa.ImportMLDsaPublicKey(MLDsaAlgorithm.MLDsa65, key.ToArray());
        DurableFile.Write(path, Encoding.ASCII.GetBytes(exported.ExportSubjectPublicKeyInfoPem() + "\n"));
    }

    /// <summary>Writes an encoded ML-KEM-768 key as PEM.</summary>
    public static void WriteSealingKey(string path, ReadOnlySpan<byte> encapsulationKey)
    {
        using MLKem exported = MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, encapsulationKey);
        DurableFile.Write(path, Encoding.ASCII.GetBytes(exported.ExportSubjectPublicKeyInfoPem() + "\n"));
    }

    private static byte[] Read(string path, int size, string what, Func<string, byte[]> import)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length > MaxSizeInBytes)
                throw new SettingsException(path, [$"it is too long for {what}"]);
            byte[] data = File.ReadAllBytes(path);
            if (data.Length != size)
            {
                string pem = Encoding.ASCII.GetString(data);
                if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
                    throw new SettingsException(path, [$"it holds a private key; {what} is asked for, which everyone may see"]);
                data = import(pem);
            }
            return data.Length == size ? data : throw new SettingsException(path, [$"it is not {what}"]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, [error.Message]);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // What the platform says of it speaks of PEM's parts and of parameters.
            throw new SettingsException(path, [$"it is not {what}"]);
        }
    }
}
