using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Listeners and callers of messages on this machine.</summary>
internal static class Peers
{
    public static readonly MessageProtocol Protocol = new("qf-test/1");
    public static readonly MessageProtocol OtherProtocol = new("qf-test/2");

    public static Task<MessageListener> ListenAsync(NodeIdentity? identity = null, TimeProvider? time = null, ILoggerFactory? loggers = null, MessageProtocol[]? protocols = null) =>
        MessageListener.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), identity ?? Consortium.Coordinator, protocols ?? [Protocol], loggers ?? NullLoggerFactory.Instance,
            time ?? TimeProvider.System, CancellationToken.None);

    public static Task<MessageConnection> DialAsync(MessageListener listener, NodeIdentity? identity = null, MemberId? expected = null, MessageProtocol? protocol = null) =>
        MessageConnection.DialAsync(
            "127.0.0.1", listener.EndPoint.Port, identity ?? Consortium.Member, expected ?? Consortium.CoordinatorName, protocol ?? Protocol, TimeProvider.System,
            TestContext.Current.CancellationToken);

    /// <summary>The two ends of a connection.</summary>
    public static async Task<(MessageConnection Dialled, MessageConnection Accepted)> ConnectAsync()
    {
        await using MessageListener listener = await ListenAsync();
        MessageConnection dialled = await DialAsync(listener);
        return (dialled, await listener.AcceptAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A member's TLS, with which a test writes what is no message; null for the certificate shows none.</summary>
    public static async Task<SslStream> DialRawAsync(MessageListener listener, X509Certificate2? certificate, string? protocol)
    {
        PeerCertificatePolicy policy = new(Consortium.Coordinator.Root, TimeProvider.System);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);
        SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => policy.TryAcceptServer(shown as X509Certificate2, Consortium.CoordinatorName, out _),
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        };
        if (certificate is not null)
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return stream;
    }
}
