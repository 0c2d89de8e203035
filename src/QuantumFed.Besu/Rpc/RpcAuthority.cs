using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace QuantumFed.Besu;

/// <summary>The network's certificate authority (ECDSA P-384): its certificates tell clients which JSON-RPC servers are the consortium's.</summary>
/// <remarks>Classical, since the TLS of the Java that Besu runs on knows no ML-DSA certificates; what is sent to a ledger is public, and signed by ML-DSA besides.</remarks>
public sealed class RpcAuthority : IDisposable
{
    private const int AuthorityYears = 10, ServerDays = 825;

    private readonly ECDsa _key;
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _now;

    private RpcAuthority(ECDsa key, X509Certificate2 certificate, DateTimeOffset now)
    {
        _key = key;
        _certificate = certificate;
        _now = now;
    }

    /// <summary>A new authority of one network, valid for ten years.</summary>
    public static RpcAuthority Create(ulong chainId, DateTimeOffset now)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest($"CN=QuantumFed ledger authority of chain {chainId}", key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new RpcAuthority(key, request.CreateSelfSigned(Before(now), now.AddYears(AuthorityYears)), now);
    }

    /// <summary>The certificate, PEM.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key, PEM (PKCS #8). The caller erases it.</summary>
    internal byte[] WriteKey() => PrivateKeyPem.Of(_key);

    /// <summary>A server certificate for a validator (ECDSA P-256, 825 days) with its key and this authority's certificate, PKCS #12 under the password.</summary>
    public byte[] IssueServer(string name, IEnumerable<string> dnsNames, IEnumerable<IPAddress> addresses, string password)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (string dnsName in dnsNames)
            names.AddDnsName(dnsName);
        foreach (IPAddress address in addresses)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        using X509Certificate2 issued = request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Before(_now), _now.AddDays(ServerDays), serial);
        using X509Certificate2 server = issued.CopyWithPrivateKey(key);
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        return new X509Certificate2Collection { server, authority }.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
    }

    /// <summary>Erases the key.</summary>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    // Clocks differ a little.
    private static DateTimeOffset Before(DateTimeOffset now) => now.AddHours(-1);
}
