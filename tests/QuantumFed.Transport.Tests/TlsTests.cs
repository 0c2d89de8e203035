using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Who gets in, and over what: strangers at both ends, and the profile as OpenSSL's own client sees it.</summary>
public sealed class TlsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_are_known_by_their_certificates()
    {
        Requires.PostQuantum();
        Sha384Digest? seen = null;
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, (_, call) =>
        {
            seen = call.PeerCertificateHash;
            return Task.FromResult(Echo.Text(call.Peer!.Value.Name));
        });
        await using GrpcServer server = await Echo.ServeAsync(services);
        using GrpcChannel channel = Echo.Channel(server);
        Assert.Equal("hospital-1", (await channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token)).Value);
        Assert.Equal(Consortium.Member.CertificateHash, seen);
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_refused()
    {
        Requires.PostQuantum();
        CollectedLog log = new();
        await using GrpcServer server = await Echo.ServeAsync(log: log);
        using SocketsHttpHandler handler = new();
        PeerCertificatePolicy policy = new(Consortium.Coordinator.Root, TimeProvider.System);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => policy.TryAcceptServer(certificate as X509Certificate2, Consortium.CoordinatorName, out string? _);
        using HttpMessageInvoker client = new(handler);
        using HttpRequestMessage request = new(HttpMethod.Post, Echo.Address(server.EndPoint)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Token));
        Assert.Equal(["A peer's certificate was refused: no certificate was shown."], log.Texts(4011));
    }

    [Fact]
    public async Task A_client_of_another_consortium_is_refused()
    {
        Requires.PostQuantum();
        CollectedLog log = new();
        await using GrpcServer server = await Echo.ServeAsync(log: log);
        using NodeIdentity stranger = Consortium.OtherAuthority.IssueClient(Consortium.MemberName, TimeSpan.FromDays(1));
        using NodeIdentity mixed = new(
            stranger.Certificate, X509CertificateLoader.LoadCertificate(Consortium.Coordinator.Root.RawData));
        using GrpcChannel channel = Echo.Channel(server, mixed);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unavailable, refused.Status);
        Assert.Contains("not signed by the consortium's root", Assert.Single(log.Texts(4011)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_consortium_is_refused()
    {
        Requires.PostQuantum();
        using NodeIdentity impostor = Consortium.OtherAuthority.IssueServer(Consortium.CoordinatorName, ["localhost"], TimeSpan.FromDays(1));
        await using GrpcServer server = await Echo.ServeAsync(identity: impostor);
        using GrpcChannel channel = Echo.Channel(server);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unavailable, refused.Status);
        Assert.Contains("not signed by the consortium's root", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_name_is_refused()
    {
        Requires.PostQuantum();
        using NodeIdentity other = Consortium.Authority.IssueServer(MemberId.Parse("key-manager"), ["localhost"], TimeSpan.FromDays(1));
        await using GrpcServer server = await Echo.ServeAsync(identity: other);
        using GrpcChannel channel = Echo.Channel(server);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Contains("the server is key-manager, not coordinator", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_cannot_pose_as_a_server()
    {
        Requires.PostQuantum();
        using NodeIdentity member = Consortium.Authority.IssueClient(Consortium.CoordinatorName, TimeSpan.FromDays(1));
        await using GrpcServer server = await Echo.ServeAsync(identity: member);
        using GrpcChannel channel = Echo.Channel(server);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unavailable, refused.Status);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_by_the_servers_clock()
    {
        Requires.PostQuantum();
        CollectedLog log = new();
        ManualTime time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(2));
        await using GrpcServer server = await Echo.ServeAsync(log: log, time: time);
        using GrpcChannel channel = Echo.Channel(server);
        await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Contains("it has expired", Assert.Single(log.Texts(4011)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("network/openssl/member.cnf")]
    public async Task OpenSsl_sees_TLS_1_3_X25519MLKEM768_and_one_ML_DSA_65_certificate(string configuration)
    {
        string program = Requires.OpenSslProgram();
        await using GrpcServer server = await Echo.ServeAsync();
        string output = await ConnectUnderAsync(
            Path.IsPathRooted(configuration) ? configuration : Repository.File(configuration), program, server, Consortium.Member.Save, "-showcerts");
        Assert.Contains("TLSv1.3", output, StringComparison.Ordinal);
        Assert.Contains("Negotiated TLS1.3 group: X25519MLKEM768", output, StringComparison.Ordinal);
        Assert.Contains("Peer signature type: mldsa65", output, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: h2", output, StringComparison.Ordinal);
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Equal(1, output.Split("-----BEGIN CERTIFICATE-----").Length - 1);
    }

    [Theory]
    [InlineData("-groups", "X25519")]
    [InlineData("-groups", "P-256")]
    [InlineData("-groups", "MLKEM768")]
    [InlineData("-groups", "SecP256r1MLKEM768")]
    [InlineData("-max_protocol", "TLSv1.2")]
    [InlineData("-sigalgs", "ecdsa_secp256r1_sha256")]
    public async Task OpenSsl_is_refused_with_anything_else(string option, string value)
    {
        string program = Requires.OpenSslProgram();
        await using GrpcServer server = await Echo.ServeAsync();
        string output = await ConnectAsync(program, server, Consortium.Member.Save, option, value);
        Assert.Contains("alert", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Peer signature type", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSsl_is_refused_with_a_classical_certificate_of_the_consortiums_own_root()
    {
        string program = Requires.OpenSslProgram();
        CollectedLog log = new();
        await using GrpcServer server = await Echo.ServeAsync(log: log);
        string output = await ConnectAsync(program, server, folder =>
        {
            using X509Certificate2 classical = Consortium.ClassicalMember();
            using ECDsa key = classical.GetECDsaPrivateKey()!;
            File.WriteAllText(Path.Combine(folder, "tls.crt"), classical.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
            IdentityFiles.WriteCertificate(Path.Combine(folder, "ca.crt"), Consortium.Coordinator.Root);
        }, "-ign_eof");
        // The server asks for ML-DSA-65 alone, so OpenSSL leaves the certificate out, and the server ends the connection.
        Assert.Contains("Requested Signature Algorithms: id-ml-dsa-65\n", output, StringComparison.Ordinal);
        Assert.Equal(["A peer's certificate was refused: no certificate was shown."], log.Texts(4011));
    }

    [Fact]
    public async Task A_session_is_never_resumed()
    {
        string program = Requires.OpenSslProgram();
        CollectedLog log = new();
        await using GrpcServer server = await Echo.ServeAsync(log: log);
        using TemporaryFolder folder = new();
        string session = folder.File("session.pem");
        // A stranger gets as far as a session ticket before it is refused: were the ticket good for anything, it would be a way in.
        string first = await ConnectAsync(program, server, WriteRootOnly, "-ign_eof", "-sess_out", session);
        Assert.Contains("New, TLSv1.3", first, StringComparison.Ordinal);
        Assert.True(File.Exists(session));
        string second = await ConnectAsync(program, server, WriteRootOnly, "-ign_eof", "-sess_in", session);
        Assert.Contains("New, TLSv1.3", second, StringComparison.Ordinal);
        Assert.DoesNotContain("Reused", second, StringComparison.Ordinal);
        Assert.Equal(2, log.Texts(4011).Count());

        static void WriteRootOnly(string path) => IdentityFiles.WriteCertificate(Path.Combine(path, "ca.crt"), Consortium.Coordinator.Root);
    }

    [Theory]
    [InlineData(null, null, "OPENSSL_CONF is not set")]
    [InlineData("network/openssl/member.cnf", null, "MinProtocol = TLSv1.2 instead of TLSv1.3")]
    [InlineData("no/such/file.cnf", null, "cannot be read")]
    [InlineData(null, "network/openssl/server.cnf", "was not refused (was OPENSSL_CONF set only after the process had started?)")]
    public async Task A_process_without_the_strict_profile_refuses_to_serve(string? configuration, string? late, string reason)
    {
        Requires.PostQuantum();
        string said = await ProfileProbe.TryToServeAsync(
            configuration is null || configuration.StartsWith("no/", StringComparison.Ordinal) ? configuration : Repository.File(configuration),
            late is null ? null : Repository.File(late));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Groups = X25519MLKEM768", "Groups = X25519MLKEM768:X25519")]
    [InlineData("SignatureAlgorithms = mldsa65", "")]
    [InlineData("MinProtocol = TLSv1.3", "MinProtocol = TLSv1.3\nOptions = UnsafeLegacyRenegotiation")]
    [InlineData("system_default = strict", "system_default = nothing")]
    [InlineData("openssl_conf = quantumfed", "")]
    public async Task A_profile_that_was_changed_is_refused(string setting, string changed)
    {
        Requires.PostQuantum();
        using TemporaryFolder folder = new();
        string text = await File.ReadAllTextAsync(Repository.File("network/openssl/server.cnf"), Token);
        Assert.Contains(setting, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("changed.cnf"), text.Replace(setting, changed, StringComparison.Ordinal), Token);
        Assert.Contains("The strict TLS profile is not in force", await ProfileProbe.TryToServeAsync(folder.File("changed.cnf")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_with_the_strict_profile_serves()
    {
        Requires.PostQuantum();
        Assert.Equal("serves", (await ProfileProbe.TryToServeAsync(Repository.File("network/openssl/server.cnf"))).Trim());
    }

    /// <summary>As an attacker connects, whose OpenSSL is not bound by our profile.</summary>
    private static Task<string> ConnectAsync(string program, GrpcServer server, Action<string> writeIdentity, params string[] options) =>
        ConnectUnderAsync("/dev/null", program, server, writeIdentity, options);

    private static async Task<string> ConnectUnderAsync(string configuration, string program, GrpcServer server, Action<string> writeIdentity, params string[] options)
    {
        using TemporaryFolder folder = new();
        writeIdentity(folder.Path);
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])
            ["s_client", "-connect", $"127.0.0.1:{server.EndPoint.Port}", "-alpn", "h2", "-CAfile", folder.File("ca.crt"), .. options])
            start.ArgumentList.Add(argument);
        if (File.Exists(folder.File("tls.crt")))
        {
            foreach (string argument in (string[])["-cert", folder.File("tls.crt"), "-key", folder.File("tls.key")])
                start.ArgumentList.Add(argument);
        }
        start.Environment["OPENSSL_CONF"] = configuration;
        return await ToolProcess.RunAsync(start);
    }
}
