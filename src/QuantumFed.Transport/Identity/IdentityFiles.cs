using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace QuantumFed.Transport;

/// <summary>PEM files of certificates and ML-DSA private keys (RFC 7468, RFC 9881), and what may be wrong with them.</summary>
internal static class IdentityFiles
{
    /// <summary>Larger than any file written here (a certificate is about 7.5 kB of PEM), small enough to read at once.</summary>
    private const int MaxFileSizeInBytes = 64 * 1024;

    /// <summary>Writes a certificate as PEM, readable by all, replacing an older file in one step.</summary>
    public static void WriteCertificate(string path, X509Certificate2 certificate) =>
        WriteAtomically(
            path,
            Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Writes a private key as PKCS #8 PEM with mode 0600 from the first byte on; every copy made here is zeroed.</summary>
    public static void WritePrivateKey(string path, MLDsa key)
    {
        byte[] der = key.ExportPkcs8PrivateKey();
        char[] pem = new char[PemEncoding.GetEncodedSize("PRIVATE KEY".Length, der.Length)];
        byte[] ascii = new byte[pem.Length + 1];
        try
        {
            PemEncoding.TryWrite("PRIVATE KEY", der, pem, out int written);
            Encoding.ASCII.GetBytes(pem, 0, written, ascii, 0);
            ascii[written] = (byte)'\n';
            WriteAtomically(path, ascii, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
            CryptographicOperations.ZeroMemory(ascii);
            Array.Clear(pem);
        }
    }

    /// <summary>Reads one certificate.</summary>
    /// <exception cref="IdentityFileException">The file is missing or holds no certificate.</exception>
    public static X509Certificate2 ReadCertificate(string path)
    {
        byte[] bytes = ReadAll(path);
        try
        {
            return X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(bytes));
        }
        catch (CryptographicException e)
        {
            throw new IdentityFileException(path, "holds no certificate in PEM form.", e);
        }
    }

    /// <summary>Reads an ML-DSA-65 private key.</summary>
    /// <exception cref="IdentityFileException">The file is missing or holds no such key.</exception>
    public static MLDsa ReadPrivateKey(string path)
    {
        byte[] bytes = ReadAll(path);
        char[] pem = new char[bytes.Length];
        try
        {
            Encoding.Latin1.GetChars(bytes, pem);
            MLDsa key = MLDsa.ImportFromPem(pem);
            if (key.Algorithm == MLDsaAlgorithm.MLDsa65)
                return key;
            key.Dispose();
            throw new IdentityFileException(path, "holds a key that is not ML-DSA-65.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IdentityFileException(path, "holds no ML-DSA-65 private key in PKCS #8 PEM form.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(pem);
        }
    }

    /// <summary>Joins a certificate to its private key.</summary>
    /// <exception cref="IdentityFileException">The key belongs to another certificate.</exception>
    public static X509Certificate2 Join(X509Certificate2 certificate, string certificatePath, MLDsa key, string keyPath)
    {
        try
        {
            return certificate.CopyWithPrivateKey(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IdentityFileException(keyPath, $"is not the private key of the certificate in {certificatePath}.", e);
        }
    }

    /// <summary>Refuses a certificate outside its validity.</summary>
    /// <exception cref="IdentityFileException">The certificate is not valid at <paramref name="now"/>.</exception>
    public static void RequireValid(X509Certificate2 certificate, string path, DateTimeOffset now)
    {
        // NotBefore and NotAfter come in local time with their kind set, so the comparison is one of instants.
        if (now < certificate.NotBefore)
            throw new IdentityFileException(path, $"the certificate is not valid before {certificate.NotBefore.ToUniversalTime():u}; is the clock right?");
        if (now > certificate.NotAfter)
            throw new IdentityFileException(path, $"the certificate expired on {certificate.NotAfter.ToUniversalTime():u}; have a new one issued.");
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxFileSizeInBytes)
                throw new IdentityFileException(path, $"is larger than {MaxFileSizeInBytes} bytes.");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is not IdentityFileException and (IOException or UnauthorizedAccessException))
        {
            throw new IdentityFileException(path, e is FileNotFoundException or DirectoryNotFoundException ? "is missing." : "cannot be read: " + e.Message, e);
        }
    }

    private static void WriteAtomically(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        string temporary = path + ".new";
        File.Delete(temporary); // a leftover's mode would survive
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (FileStream stream = new(temporary, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
