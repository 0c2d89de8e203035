using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

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
}
