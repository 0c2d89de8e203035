using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>How every client here connects: TLS 1.3, mutual ML-DSA-65 certificates under one root, a server known by name, nothing from the environment.</summary>
internal static class ClientConnections
{
    private const int StreamWindowInBytes = 8 * 1024 * 1024;

    /// <summary>A handler for one server. Nothing is sent yet.</summary>
    /// <param name="address">Where the server listens: <c>https://host:port</c>.</param>
    /// <param name="identity">The caller's identity; borrowed.</param>
    /// <param name="expectedServer">Whose certificate the server must show.</param>
    /// <param name="options">The times of connections.</param>
    /// <param name="time">The clock of certificates.</param>
    /// <param name="refusal">Told of every handshake.</param>
    /// <exception cref="ArgumentException">The address is not of that form, or the name unset.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static SocketsHttpHandler Mutual(
        Uri address, NodeIdentity identity, MemberId expectedServer, GrpcChannelOptions options, TimeProvider time, HandshakeRefusal refusal)
    {
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
            throw new ArgumentException($"'{address}' is not of the form https://host:port.", nameof(address));
        if (expectedServer == default)
            throw new ArgumentException("The server's name is needed to know it by.", nameof(expectedServer));
        OpenSslVersion.RequirePostQuantum();
        SocketsHttpHandler handler = Bare(options);
        handler.SslOptions = TlsOptions(identity, expectedServer, time, refusal);
        return handler;
    }

    /// <summary>What a client demands of a handshake.</summary>
    public static SslClientAuthenticationOptions TlsOptions(NodeIdentity identity, MemberId expectedServer, TimeProvider time, HandshakeRefusal refusal)
    {
        PeerCertificatePolicy policy = new(identity.Root, time);
        return new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, additionalCertificates: null, offline: true),
            CertificateChainPolicy = PeerCertificatePolicy.ChainPolicy(identity.Root),
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                bool accepted = policy.TryAcceptServer(certificate as X509Certificate2, expectedServer, out string? reason);
                refusal.Note(reason);
                return accepted;
            },
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
    }

    /// <summary>The same without TLS.</summary>
    public static SocketsHttpHandler Bare(GrpcChannelOptions options) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = options.ConnectTimeout,
        InitialHttp2StreamWindowSize = StreamWindowInBytes,
        // Idle connections too: otherwise the first call after a silent loss would be the one to find out.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        KeepAlivePingDelay = options.KeepAliveDelay,
        KeepAlivePingTimeout = options.KeepAliveTimeout,
    };
}
