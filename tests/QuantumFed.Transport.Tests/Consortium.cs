using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Two consortia with a few parties, made once: certificates cost milliseconds, and hundreds of tests use them.</summary>
internal static class Consortium
{
    public static readonly MemberId CoordinatorName = MemberId.Parse("coordinator");
    public static readonly MemberId MemberName = MemberId.Parse("hospital-1");

    private static readonly Lazy<CertificateAuthority> LazyAuthority = new(() => NewAuthority("charite"));
    private static readonly Lazy<CertificateAuthority> LazyOther = new(() => NewAuthority("other"));
    private static readonly Lazy<NodeIdentity> LazyCoordinator = new(() => Authority.IssueServer(CoordinatorName, ["localhost", "127.0.0.1"], TimeSpan.FromDays(1)));
    private static readonly Lazy<NodeIdentity> LazyMember = new(() => Authority.IssueClient(MemberName, TimeSpan.FromDays(1)));

    public static CertificateAuthority Authority => LazyAuthority.Value;

    public static CertificateAuthority OtherAuthority => LazyOther.Value;

    public static NodeIdentity Coordinator => LazyCoordinator.Value;

    public static NodeIdentity Member => LazyMember.Value;

    public static CertificateAuthority NewAuthority(string name) => CertificateAuthority.Create(name, TimeSpan.FromDays(30), TimeProvider.System);

    /// <summary>A P-256 certificate that the consortium's own root signed: the right issuer, the wrong algorithm.</summary>
    public static X509Certificate2 ClassicalMember()
    {
        using TemporaryFolder folder = new();
        Authority.Save(folder.Path);
        using MLDsa key = IdentityFiles.ReadPrivateKey(folder.File(CertificateAuthority.PrivateKeyFileName));
        using X509Certificate2 root = IdentityFiles.ReadCertificate(folder.File(CertificateAuthority.CertificateFileName));
        using ECDsa classical = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={MemberName}", classical, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CertificateProfile.ClientAuthentication), new Oid(CertificateProfile.ServerAuthentication)], false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 bare = request.Create(root.SubjectName, X509SignatureGenerator.CreateForMLDsa(key), now.AddMinutes(-1), now.AddDays(1), [1, 2, 3]);
        return bare.CopyWithPrivateKey(classical);
    }
}
