using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace QuantumFed.Ledger;

/// <summary>The connection to an endpoint: its trust, its client certificate; never a redirect, which would carry the token elsewhere.</summary>
internal static class RpcTls
{
    /// <exception cref="InvalidDataException">A certificate file cannot be used; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SocketsHttpHandler Connect(RpcEndpoint endpoint)
    {
        SslClientAuthenticationOptions tls = new();
        if (endpoint.AuthorityFile is { } authorities)
            tls.CertificateChainPolicy = TrustOnly(authorities);
        if (endpoint.CertificateFile is { } certificate)
            tls.ClientCertificates = [LoadCertificate(certificate, endpoint.PasswordFile)];
        return new SocketsHttpHandler { SslOptions = tls, AllowAutoRedirect = false, UseCookies = false };
    }

    private static X509ChainPolicy TrustOnly(string path)
    {
        // Consortia's authorities publish no revocation lists; a compromised node is taken out of the file.
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(File.ReadAllText(path));
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"{path} does not hold certificates as PEM.", e);
        }
        return policy.CustomTrustStore.Count > 0 ? policy : throw new InvalidDataException($"{path} holds no certificate.");
    }

    private static X509Certificate2 LoadCertificate(string path, string? passwordFile)
    {
        char[] password = passwordFile is null ? [] : File.ReadAllText(passwordFile).TrimEnd('\r', '\n').ToCharArray();
        try
        {
            X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(File.ReadAllBytes(path), password);
            return certificate.HasPrivateKey ? certificate : throw new InvalidDataException($"{path} holds no private key.");
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"{path} is no PKCS#12 file that this password opens.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(password.AsSpan()));
        }
    }
}
