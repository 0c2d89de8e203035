using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace QuantumFed.Ledger.Tests;

/// <summary>A node behind TLS whose authority no system knows.</summary>
public sealed class RpcTlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-tls-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _node = Issue("localhost");
    private Task _serving = Task.CompletedTask;
    private string? _seen;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public ValueTask InitializeAsync()
    {
        _listener.Start();
        _serving = ServeAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
        _node.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_the_named_authority_is_trusted()
    {
        using X509Certificate2 other = Issue("localhost");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ChainIdAsync(RpcEndpoint.Create(Address)));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ChainIdAsync(RpcEndpoint.Create(Address, authorityFile: Pem("other.pem", other))));
        Assert.Equal(20260UL, await ChainIdAsync(RpcEndpoint.Create(Address, authorityFile: Pem("node.pem", _node))));
    }

    [Fact]
    public async Task The_node_sees_the_clients_certificate()
    {
        using X509Certificate2 client = Issue("hospital");
        string file = Path.Combine(_folder, "client.p12"), password = Path.Combine(_folder, "password");
        await File.WriteAllBytesAsync(file, client.Export(X509ContentType.Pkcs12, "letmein"), Token);
        await File.WriteAllTextAsync(password, "letmein\n", Token);
        RpcEndpoint endpoint = RpcEndpoint.Create(Address, null, Pem("node.pem", _node), file, password);
        Assert.Equal(20260UL, await ChainIdAsync(endpoint));
        Assert.Equal(client.Thumbprint, _seen);

        await File.WriteAllTextAsync(password, "wrong", Token);
        InvalidDataException refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ChainIdAsync(endpoint));
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_certificates_is_named()
    {
        string file = Path.Combine(_folder, "empty.pem");
        await File.WriteAllTextAsync(file, "nothing", Token);
        InvalidDataException refusal = await Assert.ThrowsAsync<InvalidDataException>(() => ChainIdAsync(RpcEndpoint.Create(Address, authorityFile: file)));
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<ulong> ChainIdAsync(RpcEndpoint endpoint)
    {
        using JsonRpcClient client = JsonRpcClient.Create(endpoint, TimeProvider.System);
        return await new EthereumNode(client).ChainIdAsync(Token);
    }

    private static X509Certificate2 Issue(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using TcpClient connection = await _listener.AcceptTcpClientAsync(_end.Token);
                await using SslStream tls = new(connection.GetStream());
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _node,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        {
                            _seen = (certificate as X509Certificate2)?.Thumbprint;
                            return certificate is null || _seen is not null;
                        },
                    },
                    _end.Token);
                byte[] buffer = new byte[4096];
                int read = 0;
                while (!Encoding.ASCII.GetString(buffer, 0, read).Contains("\"params\"", StringComparison.Ordinal)
                    && await tls.ReadAsync(buffer.AsMemory(read), _end.Token) is int more and > 0)
                    read += more;
                const string Body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x4f24\"}";
                await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"), _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException or SocketException)
            {
                // A client that does not trust this node leaves; the next one comes.
            }
        }
    }
}
