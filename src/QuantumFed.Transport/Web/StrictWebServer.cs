using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// An HTTPS server for small requests (HTTP/1.1 and HTTP/2) under the strict profile: TLS 1.3, X25519MLKEM768, mutual ML-DSA-65 certificates of one
/// consortium. It starts only where that is so. Thread safe.
/// </summary>
public sealed partial class StrictWebServer : IAsyncDisposable
{
    /// <summary>The longest request body; a longer one is answered with 413.</summary>
    public const int MaxRequestSizeInBytes = 64 * 1024;

    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10), HandshakeTimeout = TimeSpan.FromSeconds(10), IdleTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // Nobody must take all memory. Connections count from the first byte, so strangers take their share, each for as long as a handshake may last.
    private const int ConnectionsAtOnce = 256;

    private readonly WebApplication _application;

    private StrictWebServer(WebApplication application, IPEndPoint endPoint) => (_application, EndPoint) = (application, endPoint);

    /// <summary>Where it listens; the port is the real one.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Checks that the strict TLS profile is in force in this process, then listens.</summary>
    /// <param name="endPoint">Where; port 0 for any.</param>
    /// <param name="identity">The server's identity; borrowed.</param>
    /// <param name="handle">Answers a request of the party that the certificate names. What it throws is answered with 500 and no details.</param>
    /// <param name="loggers">Where refusals and failures are reported.</param>
    /// <param name="time">The clock of certificates.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="TransportProfileException">OpenSSL is too old or accepts more than the profile; the message says what to do.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<StrictWebServer> StartAsync(
        IPEndPoint endPoint, NodeIdentity identity, Func<HttpContext, MemberId, Task> handle, ILoggerFactory loggers, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(handle);
        OpenSslVersion.RequirePostQuantum();
        ILogger logger = loggers.CreateLogger<StrictWebServer>();
        PeerCertificatePolicy policy = new(identity.Root, time);
        await StrictProfile.RequireAsync(GrpcServer.TlsOptions(identity, policy, logger), cancellationToken).ConfigureAwait(false);
        SslServerAuthenticationOptions tls = GrpcServer.TlsOptions(identity, policy, logger);
        tls.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        (WebApplication application, IPEndPoint real) = await StrictWebHost.StartAsync(
            endPoint,
            listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls), HandshakeTimeout = HandshakeTimeout });
            },
            limits =>
            {
                limits.MaxRequestBodySize = MaxRequestSizeInBytes;
                limits.RequestHeadersTimeout = HeaderTimeout;
                limits.KeepAliveTimeout = IdleTimeout;
                limits.MaxConcurrentConnections = ConnectionsAtOnce;
            },
            context => AnswerAsync(context, handle, logger), loggers, cancellationToken).ConfigureAwait(false);
        return new StrictWebServer(application, real);
    }

    /// <summary>Takes no new requests, gives the running ones a second, and frees the port.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource cut = new(LastWords);
        await _application.StopAsync(cut.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, MemberId, Task> handle, ILogger logger)
    {
        // The handshake has checked the certificate; without one nobody comes here.
        if (context.Connection.ClientCertificate is not { } certificate || !PeerCertificatePolicy.TryReadName(certificate, out MemberId peer))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        try
        {
            await handle(context, peer).ConfigureAwait(false);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException error)
        {
            // Too long, too slow, or no HTTP: the client's fault, with the status that says so.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = error.StatusCode;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
        }
        catch (Exception error)
        {
            Log.HandlerFailed(logger, error, context.Request.Path, peer);
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            else
                context.Abort();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4020, LogLevel.Error, "The answer to {Path} for {Peer} failed.")]
        public static partial void HandlerFailed(ILogger logger, Exception error, string path, MemberId peer);
    }
}
