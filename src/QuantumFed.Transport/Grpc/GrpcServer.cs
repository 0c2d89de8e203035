using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// A gRPC server over HTTP/2 and TLS 1.3 that takes X25519MLKEM768 and ML-DSA-65 certificates of one consortium, and nothing else.
/// It starts only where that is so. Thread safe.
/// </summary>
public sealed partial class GrpcServer : IAsyncDisposable
{
    /// <summary>HTTP/2's flow-control windows: with 10 ms each way the defaults upload 20 MiB/s, these 161.</summary>
    private const int ConnectionWindowInBytes = 16 * 1024 * 1024, StreamWindowInBytes = 8 * 1024 * 1024;

    /// <summary>A member whose connection died is noticed after twice this.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    /// <summary>How long calls that a stopping server ends have for telling their callers.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly WebApplication _application;
    private readonly TimeSpan _shutdownTimeout;
    private readonly CancellationTokenSource _draining, _stopping;
    private bool _disposed;

    private GrpcServer(WebApplication application, IPEndPoint endPoint, TimeSpan shutdownTimeout, CancellationTokenSource draining, CancellationTokenSource stopping)
    {
        _application = application;
        EndPoint = endPoint;
        _shutdownTimeout = shutdownTimeout;
        _draining = draining;
        _stopping = stopping;
    }

    /// <summary>Where the server listens; the port is the real one.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Checks that the strict TLS profile is in force in this process, then listens.</summary>
    /// <param name="identity">The server's identity; borrowed, and disposed only after the server.</param>
    /// <param name="services">The methods.</param>
    /// <param name="options">Where to listen, and limits.</param>
    /// <param name="loggers">Where refusals and failures are reported; nowhere if <see langword="null"/>.</param>
    /// <param name="time">The clock of deadlines and certificates; the system's if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old or accepts more than the profile; the message says what to do.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GrpcServer> StartAsync(
        NodeIdentity identity, GrpcServiceMap services, GrpcServerOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        OpenSslVersion.RequirePostQuantum();
        loggers ??= NullLoggerFactory.Instance;
        time ??= TimeProvider.System;
        ILogger logger = loggers.CreateLogger<GrpcServer>();
        SslServerAuthenticationOptions tls = TlsOptions(identity, new PeerCertificatePolicy(identity.Root, time), logger);
        MeasuredProfile profile = await StrictProfile.RequireAsync(tls, cancellationToken).ConfigureAwait(false);
        Log.ProfileInForce(logger, profile.TlsVersion, profile.Group, profile.Signature);
        return await ListenAsync(
            services,
            options,
            listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls), HandshakeTimeout = options.HandshakeTimeout }),
            loggers,
            time,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Listens without TLS and without knowing its callers, on the loopback address only: for tests of the wire format against gRPC
    /// implementations that cannot speak the profile. Never for data.
    /// </summary>
    /// <param name="services">The methods.</param>
    /// <param name="options">Where to listen, and limits.</param>
    /// <param name="loggers">Where failures are reported; nowhere if <see langword="null"/>.</param>
    /// <param name="time">The clock of deadlines; the system's if <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">The address is not a loopback address, or an option is out of range.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    internal static Task<GrpcServer> StartLoopbackCleartextForInteropTestsAsync(
        GrpcServiceMap services, GrpcServerOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (!IPAddress.IsLoopback(options.EndPoint.Address))
            throw new ArgumentException("Cleartext is served on a loopback address only.", nameof(options));
        return ListenAsync(services, options, _ => { }, loggers ?? NullLoggerFactory.Instance, time ?? TimeProvider.System, cancellationToken);
    }

    /// <summary>
    /// Takes no new calls and lets the running ones end for as long as the options say or until cancelled; ends the others with UNAVAILABLE,
    /// and cuts off what has not ended three seconds later.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource cut = new();
        using CancellationTokenRegistration registration = patience.Token.Register(() =>
        {
            _stopping.Cancel();
            cut.CancelAfter(LastWords);
        });
        patience.CancelAfter(_shutdownTimeout);
        await _application.StopAsync(cut.Token).ConfigureAwait(false);
    }

    /// <summary>Ends what is left with UNAVAILABLE, cuts off what has not ended three seconds later, and frees the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _draining.Dispose();
        _stopping.Dispose();
    }

    internal static SslServerAuthenticationOptions TlsOptions(NodeIdentity identity, PeerCertificatePolicy policy, ILogger logger) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        // The leaf alone: every peer has the root, and one more ML-DSA certificate costs a round trip.
        ServerCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, additionalCertificates: null, offline: true),
        ClientCertificateRequired = true,
        CertificateChainPolicy = PeerCertificatePolicy.ChainPolicy(identity.Root),
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (policy.TryAcceptClient(certificate as X509Certificate2, out MemberId _, out string? refusal))
                return true;
            Log.PeerRefused(logger, refusal);
            return false;
        },
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    private static async Task<GrpcServer> ListenAsync(
        GrpcServiceMap services, GrpcServerOptions options, Action<ListenOptions> secure, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        CancellationTokenSource draining = new(), stopping = new();
        try
        {
            ILogger logger = loggers.CreateLogger<GrpcServer>();
            (WebApplication application, IPEndPoint endPoint) = await StrictWebHost.StartAsync(
                options.EndPoint,
                listen =>
                {
                    listen.Protocols = HttpProtocols.Http2;
                    secure(listen);
                },
                SetLimits, new GrpcRequestHandler(services, options.MaxMessageSizeInBytes, time, logger, draining.Token, stopping.Token).HandleAsync, loggers, cancellationToken)
                .ConfigureAwait(false);
            Log.Listening(logger, endPoint);
            return new GrpcServer(application, endPoint, options.ShutdownTimeout, draining, stopping);
        }
        catch
        {
            draining.Dispose();
            stopping.Dispose();
            throw;
        }
    }

    private static void SetLimits(KestrelServerLimits limits)
    {
        limits.Http2.InitialConnectionWindowSize = ConnectionWindowInBytes;
        limits.Http2.InitialStreamWindowSize = StreamWindowInBytes;
        limits.Http2.KeepAlivePingDelay = KeepAlive;
        limits.Http2.KeepAlivePingTimeout = KeepAlive;
        // A call may stream for ever and pause at will: messages are limited one by one, time by the deadline, dead peers by pings.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }

    private static partial class Log
    {
        [LoggerMessage(4012, LogLevel.Information, "Accepts {TlsVersion}, {Group}, {Signature}, and nothing else.")]
        public static partial void ProfileInForce(ILogger logger, string tlsVersion, string group, string signature);

        [LoggerMessage(4010, LogLevel.Information, "Listening on {EndPoint}.")]
        public static partial void Listening(ILogger logger, IPEndPoint endPoint);

        [LoggerMessage(4011, LogLevel.Warning, "A peer's certificate was refused: {Reason}.")]
        public static partial void PeerRefused(ILogger logger, string reason);
    }
}
