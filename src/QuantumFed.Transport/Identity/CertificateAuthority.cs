using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// The consortium's certificate authority: one self-signed ML-DSA-65 root (RFC 9881) that issues every party's leaf directly. There
/// are no intermediates: one more certificate costs a mutual handshake a round trip. Thread safe until disposed.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The root's file name: the certificate every party holds.</summary>
    public const string CertificateFileName = "ca.crt";

    /// <summary>The file name of the root's private key, which only the authority holds.</summary>
    public const string PrivateKeyFileName = "ca.key";

    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 root, TimeProvider time)
    {
        _root = root;
        _time = time;
    }

    /// <summary>The root's certificate in PEM form, for the parties.</summary>
    public string ExportCertificatePem() => _root.ExportCertificatePem();

    /// <summary>Makes a new authority.</summary>
    /// <param name="consortium">The consortium's name, 1 to 50 characters; the root is called "<c>name</c> root".</param>
    /// <param name="lifetime">How long the root is valid, from now.</param>
    /// <param name="time">The clock the validity is taken from.</param>
    /// <exception cref="ArgumentException">The name or the lifetime is out of range.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static CertificateAuthority Create(string consortium, TimeSpan lifetime, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(consortium);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(consortium.Length, 50, nameof(consortium));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        OpenSslVersion.RequirePostQuantum();

        X500DistinguishedNameBuilder name = new();
        name.AddCommonName(consortium + " root");
        using MLDsa key = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
        CertificateRequest request = new(name.Build(), key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now - CertificateProfile.ClockSkew, now + lifetime), time);
    }

    /// <summary>Loads <c>ca.crt</c> and <c>ca.key</c> from a folder.</summary>
    /// <exception cref="IdentityFileException">A file is missing, damaged, expired or does not fit the other.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static CertificateAuthority Load(string directory, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(time);
        OpenSslVersion.RequirePostQuantum();
        string certificatePath = Path.Combine(directory, CertificateFileName);
        string keyPath = Path.Combine(directory, PrivateKeyFileName);
        using X509Certificate2 certificate = IdentityFiles.ReadCertificate(certificatePath);
        IdentityFiles.RequireValid(certificate, certificatePath, time.GetUtcNow());
        using MLDsa key = IdentityFiles.ReadPrivateKey(keyPath);
        return new CertificateAuthority(IdentityFiles.Join(certificate, certificatePath, key, keyPath), time);
    }

    /// <summary>Writes <c>ca.crt</c> and, readable by its owner alone, <c>ca.key</c> into a folder, which is made if need be.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(directory);
        using MLDsa key = _root.GetMLDsaPrivateKey()!;
        IdentityFiles.WritePrivateKey(Path.Combine(directory, PrivateKeyFileName), key);
        IdentityFiles.WriteCertificate(Path.Combine(directory, CertificateFileName), _root);
    }

    /// <summary>Issues the identity of a party that only dials out: its certificate opens connections and cannot serve.</summary>
    /// <param name="name">The party, the certificate's common name.</param>
    /// <param name="lifetime">How long the certificate is valid from now, cut off at the root's own end.</param>
    /// <exception cref="ArgumentException">The name is unset or the lifetime not positive.</exception>
    public NodeIdentity IssueClient(MemberId name, TimeSpan lifetime) => Issue(name, [], lifetime);

    /// <summary>Issues the identity of a party that serves. It may open connections too.</summary>
    /// <param name="name">The party, the certificate's common name, by which its clients know it.</param>
    /// <param name="hosts">The DNS names and IP addresses it serves under, for tools that check them; at least one.</param>
    /// <param name="lifetime">How long the certificate is valid from now, cut off at the root's own end.</param>
    /// <exception cref="ArgumentException">The name is unset, no host is given or the lifetime not positive.</exception>
    public NodeIdentity IssueServer(MemberId name, IReadOnlyCollection<string> hosts, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        if (hosts.Count == 0)
            throw new ArgumentException("A server's certificate names at least one host.", nameof(hosts));
        return Issue(name, hosts, lifetime);
    }

    /// <summary>Releases the root's private key.</summary>
    public void Dispose() => _root.Dispose();

    private NodeIdentity Issue(MemberId name, IReadOnlyCollection<string> hosts, TimeSpan lifetime)
    {
        if (name == default)
            throw new ArgumentException("A certificate needs a name.", nameof(name));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);

        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(name.Name);
        using MLDsa key = MLDsa.GenerateKey(MLDsaAlgorithm.MLDsa65);
        CertificateRequest request = new(subject.Build(), key);
        OidCollection usages = [new Oid(CertificateProfile.ClientAuthentication)];
        if (hosts.Count > 0)
            usages.Add(new Oid(CertificateProfile.ServerAuthentication));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (hosts.Count > 0)
            request.CertificateExtensions.Add(AlternativeNames(hosts));

        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset notBefore = Later(now - CertificateProfile.ClockSkew, _root.NotBefore);
        DateTimeOffset notAfter = Earlier(now + lifetime, _root.NotAfter);
        if (notAfter <= now)
            throw new InvalidOperationException("The consortium's root has expired: it issues nothing any more.");
        using MLDsa rootKey = _root.GetMLDsaPrivateKey()!;
        using X509Certificate2 bare = request.Create(_root.SubjectName, X509SignatureGenerator.CreateForMLDsa(rootKey), notBefore, notAfter, CertificateProfile.NewSerialNumber());
        return new NodeIdentity(bare.CopyWithPrivateKey(key), X509CertificateLoader.LoadCertificate(_root.RawData));
    }

    private static X509Extension AlternativeNames(IReadOnlyCollection<string> hosts)
    {
        SubjectAlternativeNameBuilder names = new();
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        return names.Build();
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
