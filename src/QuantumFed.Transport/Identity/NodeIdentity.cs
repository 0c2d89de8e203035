using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// A party's TLS identity: its ML-DSA-65 leaf certificate with the private key, and the consortium's root. The key signs handshakes
/// only; records are signed with another. Thread safe until disposed.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    /// <summary>The file name of the leaf certificate.</summary>
    public const string CertificateFileName = "tls.crt";

    /// <summary>The file name of the leaf's private key (PKCS #8, mode 0600).</summary>
    public const string PrivateKeyFileName = "tls.key";

    /// <summary>The file name of the consortium's root certificate.</summary>
    public const string RootFileName = "ca.crt";

    // Takes ownership of both.
    internal NodeIdentity(X509Certificate2 certificate, X509Certificate2 root)
    {
        Certificate = certificate;
        Root = root;
        Name = PeerCertificatePolicy.TryReadName(certificate, out MemberId name)
            ? name
            : throw new ArgumentException("The certificate's subject is not one common name that is a member's name.", nameof(certificate));
        CertificateHash = Sha384Digest.Of(certificate.RawData);
    }

    /// <summary>The party: the certificate's common name.</summary>
    public MemberId Name { get; }

    /// <summary>SHA-384 of the leaf's DER.</summary>
    public Sha384Digest CertificateHash { get; }

    /// <summary>When the leaf stops being valid.</summary>
    public DateTimeOffset ValidUntil => Certificate.NotAfter;

    internal X509Certificate2 Certificate { get; }

    internal X509Certificate2 Root { get; }

    /// <summary>Loads <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c> from a folder and checks that they belong together and are valid now.</summary>
    /// <exception cref="IdentityFileException">A file is missing, damaged, expired or does not fit the others; the message names it.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static NodeIdentity Load(string directory, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(time);
        OpenSslVersion.RequirePostQuantum();
        string certificatePath = Path.Combine(directory, CertificateFileName);
        string keyPath = Path.Combine(directory, PrivateKeyFileName);
        string rootPath = Path.Combine(directory, RootFileName);
        DateTimeOffset now = time.GetUtcNow();

        X509Certificate2 root = IdentityFiles.ReadCertificate(rootPath);
        try
        {
            IdentityFiles.RequireValid(root, rootPath, now);
            using X509Certificate2 bare = IdentityFiles.ReadCertificate(certificatePath);
            IdentityFiles.RequireValid(bare, certificatePath, now);
            if (!new PeerCertificatePolicy(root, time).TryAccept(bare, CertificateProfile.ClientAuthentication, out _, out string? refusal))
                throw new IdentityFileException(certificatePath, $"does not fit the root in {rootPath}: {refusal}.");
            using MLDsa key = IdentityFiles.ReadPrivateKey(keyPath);
            return new NodeIdentity(IdentityFiles.Join(bare, certificatePath, key, keyPath), root);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>Writes the three files into a folder, which is made if need be; the private key is readable by its owner alone.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(directory);
        using MLDsa key = Certificate.GetMLDsaPrivateKey()!;
        IdentityFiles.WritePrivateKey(Path.Combine(directory, PrivateKeyFileName), key);
        IdentityFiles.WriteCertificate(Path.Combine(directory, CertificateFileName), Certificate);
        IdentityFiles.WriteCertificate(Path.Combine(directory, RootFileName), Root);
    }

    /// <summary>Releases the private key.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        Root.Dispose();
    }

    /// <summary>The party's name; nothing of the key.</summary>
    public override string ToString() => Name.Name;
}
