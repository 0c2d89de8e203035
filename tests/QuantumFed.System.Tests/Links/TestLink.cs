using System.Globalization;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Cli;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.System.Tests;

/// <summary>A founded link between <c>north</c>, at the transmitter's end, and <c>coordinator</c>, with the certificates of both and of a party of another consortium.</summary>
internal sealed class TestLink : IDisposable
{
    public const string Transmitter = "transmitter", Receiver = "receiver", Both = "both";
    public const string North = "north", Coordinator = "coordinator";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1), Most = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder = new();

    public TestLink(Func<LinkSettings, LinkSettings>? change = null)
    {
        Requires.Launcher();
        Requires.PostQuantum();
        IReadOnlyList<int> ports = DemoNetwork.FreePorts(3);
        Settings = new LinkSettings(
            "north-coordinator", new FibreSettings(10, 5e8), new LinkEndSettings("kme-north", "north-end", Local(ports[0]), [North]),
            new LinkEndSettings("kme-coordinator", "coordinator-end", Local(ports[1]), [Coordinator]), Local(ports[2]), Local(ports[2]), MostKeys: 256);
        Settings = change?.Invoke(Settings) ?? Settings;
        using CertificateAuthority authority = CertificateAuthority.Create("link tests", Lifetime, TimeProvider.System);
        using CertificateAuthority other = CertificateAuthority.Create("another consortium", Lifetime, TimeProvider.System);
        LinkFounder.Create(Folder, Settings, authority, Lifetime);
        Issue(authority, North, North);
        Issue(authority, Coordinator, Coordinator);
        Issue(authority, "south", "south");
        Issue(other, North, "stranger");
    }

    /// <summary>The link's folder.</summary>
    public string Folder => _folder.At("link");

    /// <summary>Its settings.</summary>
    public string SettingsPath => Path.Combine(Folder, LinkFounder.SettingsName);

    /// <summary>What it was founded with.</summary>
    public LinkSettings Settings { get; }

    /// <summary>The folder of a party's certificate: of both applications, of <c>south</c> that has nothing to do with the link, and of a <c>stranger</c>.</summary>
    public string Party(string name) => _folder.At("parties", name);

    /// <summary>The end of the link at which an application is.</summary>
    public LinkEndSettings EndOf(string application) => application == North ? Settings.Transmitter : Settings.Receiver;

    /// <summary>The folder of an end.</summary>
    public string FolderOf(LinkEndSettings end) => Path.Combine(Folder, end.Folder);

    /// <summary>Starts ends of the link.</summary>
    public QfRun Start(string ends) => QfRun.Start(["qkd", "run", "--link", SettingsPath, "--end", ends]);

    /// <summary>Runs ends of the link to their own end.</summary>
    public async Task<QfResult> ToEndAsync(string ends)
    {
        await using QfRun run = Start(ends);
        return await run.EndAsync(TestContext.Current.CancellationToken, Most);
    }

    /// <summary>Replaces the settings.</summary>
    public void Write(LinkSettings settings) => SettingsFile.Write(SettingsPath, settings);

    /// <summary>A party's identity.</summary>
    public NodeIdentity IdentityOf(string party) => NodeIdentity.Load(Party(party), TimeProvider.System);

    /// <summary>A party's source of keys, as the programs of the consortium have it: at its own end of the link, or at the receiver's.</summary>
    public EtsiKeySource SourceOf(NodeIdentity identity)
    {
        LinkEndSettings end = EndOf(identity.Name.Name);
        return EtsiKeySource.Create(new Uri($"https://{end.Listen}"), identity, MemberId.Parse(end.Name));
    }

    /// <summary>A party with any HTTP client.</summary>
    /// <param name="party">Whose certificate.</param>
    /// <param name="application">At which application's end; its own unless said.</param>
    public TestApplication ApplicationOf(string party, string? application = null)
    {
        string folder = Party(party);
        X509ChainPolicy trust = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Party(North), NodeIdentity.RootFileName)));
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(60),
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509Certificate2.CreateFromPemFile(
                    Path.Combine(folder, NodeIdentity.CertificateFileName), Path.Combine(folder, NodeIdentity.PrivateKeyFileName))],
                CertificateChainPolicy = trust,
            },
        };
        return new TestApplication(new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = new Uri($"https://{EndOf(application ?? party).Listen}"), Timeout = TimeSpan.FromSeconds(120),
        });
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => _folder.Dispose();

    private void Issue(CertificateAuthority authority, string name, string folder)
    {
        using NodeIdentity identity = authority.IssueClient(MemberId.Parse(name), Lifetime);
        Directory.CreateDirectory(Party(folder));
        identity.Save(Party(folder));
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
