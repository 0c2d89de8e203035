using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

public sealed class IdentityTests
{
    [Fact]
    public void An_identity_survives_its_files()
    {
        Requires.PostQuantum();
        using TemporaryFolder folder = new();
        Consortium.Member.Save(folder.Path);
        using NodeIdentity loaded = NodeIdentity.Load(folder.Path, TimeProvider.System);
        Assert.Equal(Consortium.MemberName, loaded.Name);
        Assert.Equal(Consortium.Member.CertificateHash, loaded.CertificateHash);
        Assert.Equal(Convert.ToHexStringLower(SHA384.HashData(Consortium.Member.Certificate.RawData)), loaded.CertificateHash.ToString());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("tls.key")));
    }

    [Fact]
    public void An_authority_survives_its_files_and_its_old_leaves_stay_good()
    {
        Requires.PostQuantum();
        using TemporaryFolder folder = new();
        Consortium.Authority.Save(folder.Path);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("ca.key")));
        using CertificateAuthority loaded = CertificateAuthority.Load(folder.Path, TimeProvider.System);
        using NodeIdentity issued = loaded.IssueClient(MemberId.Parse("hospital-2"), TimeSpan.FromDays(1));
        Assert.True(new PeerCertificatePolicy(Consortium.Member.Root, TimeProvider.System).TryAcceptClient(issued.Certificate, out MemberId name, out _));
        Assert.Equal("hospital-2", name.Name);
    }

    [Theory]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    [InlineData("ca.crt")]
    public void A_missing_or_damaged_file_is_named(string file)
    {
        Requires.PostQuantum();
        using TemporaryFolder folder = new();
        Consortium.Member.Save(folder.Path);
        File.WriteAllText(folder.File(file), "-----BEGIN NOTHING-----\n");
        Assert.Equal(folder.File(file), Assert.Throws<IdentityFileException>(() => NodeIdentity.Load(folder.Path, TimeProvider.System)).Path);
        File.Delete(folder.File(file));
        IdentityFileException missing = Assert.Throws<IdentityFileException>(() => NodeIdentity.Load(folder.Path, TimeProvider.System));
        Assert.Equal(folder.File(file) + ": is missing.", missing.Message);
    }

    [Theory]
    [InlineData("tls.key", "tls.key")]
    [InlineData("tls.crt", "tls.key")]
    [InlineData("ca.crt", "tls.crt")]
    public void A_file_of_another_party_is_named(string replaced, string named)
    {
        Requires.PostQuantum();
        using TemporaryFolder folder = new(), other = new();
        Consortium.Member.Save(folder.Path);
        (replaced == "ca.crt" ? Consortium.OtherAuthority : Consortium.Authority).IssueClient(Consortium.MemberName, TimeSpan.FromDays(1)).Save(other.Path);
        File.Copy(other.File(replaced), folder.File(replaced), overwrite: true);
        Assert.Equal(folder.File(named), Assert.Throws<IdentityFileException>(() => NodeIdentity.Load(folder.Path, TimeProvider.System)).Path);
    }

    [Theory]
    [InlineData(2, "tls.crt", "expired")]
    [InlineData(40, "ca.crt", "expired")]
    [InlineData(-1, "ca.crt", "not valid before")]
    public void A_certificate_out_of_time_is_named(int days, string file, string problem)
    {
        Requires.PostQuantum();
        using TemporaryFolder folder = new();
        Consortium.Member.Save(folder.Path);
        ManualTime time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(days));
        IdentityFileException refused = Assert.Throws<IdentityFileException>(() => NodeIdentity.Load(folder.Path, time));
        Assert.Equal(folder.File(file), refused.Path);
        Assert.Contains(problem, refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_never_outlives_its_root()
    {
        Requires.PostQuantum();
        using NodeIdentity identity = Consortium.Authority.IssueClient(Consortium.MemberName, TimeSpan.FromDays(3650));
        Assert.Equal(identity.Root.NotAfter, identity.ValidUntil);
    }

    [Fact]
    public void Roles_and_names_are_kept_apart()
    {
        Requires.PostQuantum();
        PeerCertificatePolicy policy = new(Consortium.Coordinator.Root, TimeProvider.System);
        Assert.True(policy.TryAcceptClient(Consortium.Member.Certificate, out _, out _));
        Assert.True(policy.TryAcceptClient(Consortium.Coordinator.Certificate, out _, out _));
        Assert.True(policy.TryAcceptServer(Consortium.Coordinator.Certificate, Consortium.CoordinatorName, out _));
        Assert.False(policy.TryAcceptServer(Consortium.Coordinator.Certificate, Consortium.MemberName, out _));
        Assert.False(policy.TryAcceptServer(Consortium.Member.Certificate, Consortium.MemberName, out string? refusal));
        Assert.Equal("it may not serve", refusal);
        Assert.False(policy.TryAcceptClient(null, out _, out _));
        Assert.False(policy.TryAcceptClient(Consortium.Coordinator.Root, out _, out refusal));
        Assert.Equal("it is a certificate authority's", refusal);
    }

    [Fact]
    public void A_classical_certificate_of_the_consortiums_own_root_is_refused()
    {
        Requires.PostQuantum();
        using X509Certificate2 classical = Consortium.ClassicalMember();
        Assert.False(new PeerCertificatePolicy(Consortium.Member.Root, TimeProvider.System).TryAcceptClient(classical, out _, out string? refusal));
        Assert.Equal("its key is not ML-DSA-65", refusal);
    }

    [Fact]
    public void Another_authoritys_leaf_is_refused_even_where_it_bears_the_same_names()
    {
        Requires.PostQuantum();
        using CertificateAuthority twin = Consortium.NewAuthority("charite");
        using NodeIdentity impostor = twin.IssueClient(Consortium.MemberName, TimeSpan.FromDays(1));
        Assert.False(new PeerCertificatePolicy(Consortium.Member.Root, TimeProvider.System).TryAcceptClient(impostor.Certificate, out _, out _));
    }

    [Fact]
    public void Every_flipped_bit_of_a_certificate_is_refused()
    {
        Requires.PostQuantum();
        PeerCertificatePolicy policy = new(Consortium.Member.Root, TimeProvider.System);
        byte[] der = Consortium.Member.Certificate.RawData;
        int checkedBits = 0;
        for (int bit = 0; bit < der.Length * 8; bit += 211)
        {
            byte[] flipped = [.. der];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            X509Certificate2 certificate;
            try
            {
                certificate = X509CertificateLoader.LoadCertificate(flipped);
            }
            catch (CryptographicException)
            {
                continue; // not even a certificate
            }
            using (certificate)
                Assert.False(policy.TryAcceptClient(certificate, out _, out _), $"bit {bit}");
            checkedBits++;
        }
        Assert.InRange(checkedBits, 50, int.MaxValue);
    }
}
