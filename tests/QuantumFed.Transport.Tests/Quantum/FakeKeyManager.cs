using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>An HTTPS server under the tests' certificates that answers as a test tells it to.</summary>
internal sealed class FakeKeyManager : IAsyncDisposable
{
    public static readonly MemberId Name = MemberId.Parse("kme-1");

    private static readonly Lazy<NodeIdentity> Identity = new(() => Consortium.Authority.IssueServer(Name, ["localhost", "127.0.0.1"], TimeSpan.FromDays(1)));

    private readonly WebApplication _application;

    private FakeKeyManager(WebApplication application)
    {
        _application = application;
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri($"https://127.0.0.1:{new Uri(address).Port}");
    }

    public Uri Address { get; }

    public static async Task<FakeKeyManager> StartAsync(RequestDelegate answer, NodeIdentity? identity = null, HttpProtocols protocols = HttpProtocols.Http2)
    {
        identity ??= Identity.Value;
        SslServerAuthenticationOptions tls = GrpcServer.TlsOptions(identity, new PeerCertificatePolicy(identity.Root, TimeProvider.System), NullLogger.Instance);
        tls.ApplicationProtocols = [protocols == HttpProtocols.Http1 ? SslApplicationProtocol.Http11 : SslApplicationProtocol.Http2];
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) });
        }));
        WebApplication application = builder.Build();
        application.Run(answer);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new FakeKeyManager(application);
    }

    /// <summary>A server with one answer to everything.</summary>
    public static Task<FakeKeyManager> StartAsync(int status, byte[] body) => StartAsync(call => WriteAsync(call, status, body));

    public static Task<FakeKeyManager> StartAsync(int status, string body) => StartAsync(status, Encoding.UTF8.GetBytes(body));

    public static Task WriteAsync(HttpContext call, int status, string body) => WriteAsync(call, status, Encoding.UTF8.GetBytes(body));

    public static string Container(QuantumKeyId id, ReadOnlySpan<byte> key) => $$"""{"keys":[{"key_ID":"{{id}}","key":"{{Convert.ToBase64String(key)}}"}]}""";

    public static QuantumKeyId NewId() => new(RandomNumberGenerator.GetBytes(QuantumKeyId.SizeInBytes));

    public EtsiKeySource Source(NodeIdentity? party = null, TimeProvider? time = null) => EtsiKeySource.Create(Address, party ?? Consortium.Member, Name, time: time);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private static async Task WriteAsync(HttpContext call, int status, byte[] body)
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = "application/json";
        await call.Response.Body.WriteAsync(body, call.RequestAborted);
    }
}
