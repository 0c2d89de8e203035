using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>
/// Both ends of a link with the same key in their stores, their exchange over TLS, and the interface of each over HTTPS. sae-1 is at the first end, which allots;
/// sae-2 and sae-3 are at the second. Who asks is chosen by certificate.
/// </summary>
internal sealed class ServedLink : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly List<IDisposable> _clients = [];

    private ServedLink()
    {
    }

    public LinkEnd First { get; private set; } = null!;

    public LinkEnd Second { get; private set; } = null!;

    public EtsiServer AtFirst { get; private set; } = null!;

    public EtsiServer AtSecond { get; private set; } = null!;

    /// <summary>A client of the first end as sae-1.</summary>
    public HttpClient Master { get; private set; } = null!;

    /// <summary>A client of the second end as sae-2.</summary>
    public HttpClient Slave { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ServedLink> StartAsync(int units = 64)
    {
        Requires.PostQuantum();
        var link = new ServedLink();
        link.First = new LinkEnd(link._folder.File("first.db"), allots: true, [units]);
        link.Second = new LinkEnd(link._folder.File("second.db"), allots: false, [units]);
        MessagePair pair = await MessagePair.NewAsync();
        link._parts.AddRange([pair, link.First, link.Second]);
        link.First.Serve(pair.Dialled);
        link.Second.Serve(pair.Accepted);
        await link.First.UntilConnectedAsync();
        await link.Second.UntilConnectedAsync();
        link.AtFirst = await link.ServeAsync(link.First, "kme-a", "kme-b");
        link.AtSecond = await link.ServeAsync(link.Second, "kme-b", "kme-a");
        link.Master = link.ClientOf("sae-1", link.AtFirst);
        link.Slave = link.ClientOf("sae-2", link.AtSecond);
        return link;
    }

    /// <summary>A client with the certificate of a party of this consortium.</summary>
    public HttpClient ClientOf(string party, EtsiServer server) => ClientOf(CertificateOf(party, Consortium.Authority), server);

    /// <summary>A client with this certificate, or none. It knows the server by its issuer's name: what is tested is the server.</summary>
    public HttpClient ClientOf(X509Certificate2? certificate, EtsiServer server)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == "CN=charite root",
            },
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{server.EndPoint.Port}/"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>A party's certificate with its key.</summary>
    public X509Certificate2 CertificateOf(string party, CertificateAuthority authority)
    {
        string folder = FilesOf(party, authority);
        X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder, NodeIdentity.CertificateFileName), Path.Combine(folder, NodeIdentity.PrivateKeyFileName));
        _clients.Add(certificate);
        return certificate;
    }

    /// <summary>The folder with a party's certificate, key and root.</summary>
    public string FilesOf(string party, CertificateAuthority authority)
    {
        string folder = _folder.File($"{party}-{Guid.NewGuid():N}");
        using NodeIdentity identity = authority.IssueClient(MemberId.Parse(party), TimeSpan.FromHours(1));
        identity.Save(folder);
        return folder;
    }

    /// <summary>Cuts the connection between the two ends.</summary>
    public ValueTask CutAsync() => _parts[0].DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable client in _clients)
            client.Dispose();
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts))
            await part.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<EtsiServer> ServeAsync(LinkEnd end, string name, string peer)
    {
        NodeIdentity identity = Consortium.Authority.IssueServer(MemberId.Parse(name), ["localhost", "127.0.0.1"], TimeSpan.FromHours(1));
        _clients.Add(identity);
        EtsiServer server = await EtsiServer.StartAsync(
            new EtsiServerSettings
            {
                EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                KeyManager = MemberId.Parse(name),
                PeerKeyManager = MemberId.Parse(peer),
                Applications = end == First ? new HashSet<MemberId> { LinkEnd.AtAllotting } : [LinkEnd.AtOther, LinkEnd.AlsoAtOther],
                PeerApplications = end == First ? new HashSet<MemberId> { LinkEnd.AtOther, LinkEnd.AlsoAtOther } : [LinkEnd.AtAllotting],
            },
            end.Exchange, identity, new LinkFigures("link-1", name, isSimulated: true, TimeProvider.System), NullLoggerFactory.Instance, TimeProvider.System, Token);
        _parts.Add(server);
        return server;
    }
}
