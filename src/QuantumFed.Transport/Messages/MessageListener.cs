using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// Accepts <see cref="MessageConnection"/>s of a few protocols under the strict profile: TLS 1.3, X25519MLKEM768, mutual ML-DSA-65 certificates of one
/// consortium. It starts only where that is so. Thread safe.
/// </summary>
public sealed partial class MessageListener : IAsyncDisposable
{
    // Strangers can hold so many handshakes for so long; everybody else waits in the kernel's queue.
    private const int HandshakesAtOnce = 16;
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly SslServerAuthenticationOptions _tls;
    private readonly PeerCertificatePolicy _policy;
    private readonly IReadOnlyList<MessageProtocol> _protocols;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _handshakes = new(HandshakesAtOnce);
    private readonly Channel<MessageConnection> _accepted = Channel.CreateBounded<MessageConnection>(HandshakesAtOnce);
    private readonly Task _accepting;

    private MessageListener(
        Socket socket, SslServerAuthenticationOptions tls, PeerCertificatePolicy policy, IReadOnlyList<MessageProtocol> protocols, TimeProvider time, ILogger logger)
    {
        (_socket, _tls, _policy, _protocols, _time, _logger) = (socket, tls, policy, protocols, time, logger);
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where it listens; the port is the real one.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Checks that the strict TLS profile is in force in this process, then listens.</summary>
    /// <param name="endPoint">Where; port 0 for any.</param>
    /// <param name="identity">The listener's identity; borrowed.</param>
    /// <param name="protocols">The protocols it accepts.</param>
    /// <param name="loggers">Where refusals are reported.</param>
    /// <param name="time">The clock of certificates and time limits.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="TransportProfileException">OpenSSL is too old or accepts more than the profile; the message says what to do.</exception>
    /// <exception cref="IOException">The port is taken, or the address is not this machine's; the message names it.</exception>
    public static async Task<MessageListener> StartAsync(
        IPEndPoint endPoint, NodeIdentity identity, IReadOnlyList<MessageProtocol> protocols, ILoggerFactory loggers, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(identity);
        OpenSslVersion.RequirePostQuantum();
        ILogger logger = loggers.CreateLogger<MessageListener>();
        PeerCertificatePolicy policy = new(identity.Root, time);
        SslServerAuthenticationOptions tls = GrpcServer.TlsOptions(identity, policy, logger);
        await StrictProfile.RequireAsync(tls, cancellationToken).ConfigureAwait(false);
        tls = GrpcServer.TlsOptions(identity, policy, logger);
        tls.ApplicationProtocols = [.. protocols.Select(protocol => protocol.Alpn)];
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
            return new MessageListener(socket, tls, policy, protocols, time, logger);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException($"Failed to bind to {endPoint}: {error.Message}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The next connection whose handshake is done.</summary>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public async ValueTask<MessageConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(MessageListener));
        }
    }

    /// <summary>Stops listening, and cuts what nobody has accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        while (_accepted.Reader.TryRead(out MessageConnection? waiting))
            await waiting.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AcceptAllAsync()
    {
        HashSet<Task> running = [];
        try
        {
            while (true)
            {
                await _handshakes.WaitAsync(_stopping.Token).ConfigureAwait(false);
                running.RemoveWhere(task => task.IsCompleted);
                if (await TryAcceptAsync().ConfigureAwait(false) is { } peer)
                    running.Add(HandshakeAsync(peer));
                else
                    _handshakes.Release();
            }
        }
        catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
        await Task.WhenAll(running).ConfigureAwait(false);
        _accepted.Writer.Complete();
    }

    // A peer that is gone again, or too many open files, must not end the listening.
    private async Task<Socket?> TryAcceptAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (SocketException e) when (!_stopping.IsCancellationRequested)
        {
            Log.NotAccepted(_logger, EndPoint, e.Message);
            await Task.Delay(Rest, _time, _stopping.Token).ConfigureAwait(false);
            return null;
        }
    }

    private async Task HandshakeAsync(Socket socket)
    {
        SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
        using CancellationTokenSource limit = new(HandshakeTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        try
        {
            MessageConnection.Prepare(socket);
            await stream.AuthenticateAsServerAsync(_tls, either.Token).ConfigureAwait(false);
            MessageProtocol protocol = _protocols.FirstOrDefault(known => known.Alpn == stream.NegotiatedApplicationProtocol);
            if (protocol == default || !MessageConnection.TryReadPeer(stream, _policy, out MemberId peer))
                throw new AuthenticationException("the peer asked for no protocol of this listener");
            await _accepted.Writer.WriteAsync(new MessageConnection(stream, peer, protocol), either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (!_stopping.IsCancellationRequested)
                Log.HandshakeFailed(_logger, MessageConnection.ReasonOf(e));
        }
        finally
        {
            _handshakes.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Information, "A connection was not made: {Reason}")]
        public static partial void HandshakeFailed(ILogger logger, string reason);

        [LoggerMessage(1302, LogLevel.Error, "{EndPoint} could not accept a connection: {Reason}")]
        public static partial void NotAccepted(ILogger logger, IPEndPoint endPoint, string reason);
    }
}
