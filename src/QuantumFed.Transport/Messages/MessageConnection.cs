using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// Whole messages both ways between two parties that know each other by ML-DSA-65 certificates of one consortium, over TLS 1.3. On the wire a message is its
/// length in 4 big-endian bytes, then itself. Many may send at one time; one receives.
/// </summary>
public sealed class MessageConnection : IAsyncDisposable
{
    /// <summary>The longest message. A longer one ends the connection.</summary>
    public const int MaxMessageSizeInBytes = 64 * 1024 * 1024;

    private const int LengthSizeInBytes = 4;

    // A hostile length must not be answered with its memory: the buffer grows with what has come.
    private const int GrowthSizeInBytes = 1024 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly SslStream _stream;
    private readonly SemaphoreSlim _sending = new(1);

    internal MessageConnection(SslStream stream, MemberId peer, MessageProtocol protocol)
    {
        _stream = stream;
        Peer = peer;
        Protocol = protocol;
    }

    /// <summary>The other party, as its certificate names it.</summary>
    public MemberId Peer { get; }

    /// <summary>What the connection is for.</summary>
    public MessageProtocol Protocol { get; }

    /// <summary>Connects.</summary>
    /// <param name="host">The listener's host.</param>
    /// <param name="port">Its port.</param>
    /// <param name="identity">The caller's identity; borrowed.</param>
    /// <param name="expected">Whose certificate the listener must show.</param>
    /// <param name="protocol">What for.</param>
    /// <param name="time">The clock of certificates.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MessageConnectionException">It does not answer, or is somebody else.</exception>
    public static async Task<MessageConnection> DialAsync(
        string host, int port, NodeIdentity identity, MemberId expected, MessageProtocol protocol, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        OpenSslVersion.RequirePostQuantum();
        using CancellationTokenSource limit = new(ConnectTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HandshakeRefusal refusal = new();
        SslStream? stream = null;
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            SslClientAuthenticationOptions tls = ClientConnections.TlsOptions(identity, expected, time, refusal);
            tls.TargetHost = host;
            tls.ApplicationProtocols = [protocol.Alpn];
            await stream.AuthenticateAsClientAsync(tls, either.Token).ConfigureAwait(false);
            if (stream.NegotiatedApplicationProtocol != protocol.Alpn)
                throw new MessageConnectionException($"{expected} at {host}:{port} does not speak {protocol}.");
            return new MessageConnection(stream, expected, protocol);
        }
        catch (Exception e)
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
                throw e as MessageConnectionException ?? new MessageConnectionException($"{expected} at {host}:{port} cannot be reached: {refusal.Take() ?? ReasonOf(e)}", e);
            throw;
        }
    }

    /// <summary>Sends a message. Cancelled before its turn, it was not sent; cancelled later, part of it may have been, and the connection is cut.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxMessageSizeInBytes"/>.</exception>
    /// <exception cref="MessageConnectionException">The connection was cut.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (message.Length > MaxMessageSizeInBytes)
            throw new ArgumentException($"A message has at most {MaxMessageSizeInBytes} bytes, not {message.Length}.", nameof(message));
        byte[] length = new byte[LengthSizeInBytes];
        BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
        bool sent = false;
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _stream.WriteAsync(length, cancellationToken).ConfigureAwait(false);
            await _stream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
            await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            sent = true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            throw Cut(e);
        }
        finally
        {
            // The next message would be read as the rest of this one.
            if (!sent)
                await _stream.DisposeAsync().ConfigureAwait(false);
            _sending.Release();
        }
    }

    /// <summary>Receives the next message. A cancelled receipt may have read part of one: the connection is then to be disposed of.</summary>
    /// <exception cref="MessageConnectionException">The connection was cut, or a message is too long.</exception>
    public async ValueTask<byte[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            byte[] prefix = new byte[LengthSizeInBytes];
            await _stream.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
            if (length > MaxMessageSizeInBytes)
            {
                await _stream.DisposeAsync().ConfigureAwait(false);
                throw new MessageConnectionException($"{Peer} announced a message of {length} bytes; the longest has {MaxMessageSizeInBytes}.");
            }
            byte[] message = new byte[Math.Min((int)length, GrowthSizeInBytes)];
            for (int read = 0; ;)
            {
                await _stream.ReadExactlyAsync(message.AsMemory(read), cancellationToken).ConfigureAwait(false);
                read = message.Length;
                if (read == length)
                    return message;
                byte[] longer = new byte[(int)Math.Min(length, 2L * read)];
                message.CopyTo(longer, 0);
                System.Security.Cryptography.CryptographicOperations.ZeroMemory(message);
                message = longer;
            }
        }
        catch (Exception e) when (e is not MessageConnectionException && e is IOException or ObjectDisposedException or SocketException)
        {
            throw Cut(e);
        }
    }

    /// <summary>Cuts the connection; whoever waits on it is told.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    // Some connections carry nothing for hours. One whose other machine is gone without a word is found within two minutes, and not only when it is needed.
    internal static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    internal static string ReasonOf(Exception error) => error is OperationCanceledException ? "no answer in time." : error.Message;

    internal static bool TryReadPeer(SslStream stream, PeerCertificatePolicy policy, out MemberId peer) =>
        policy.TryAcceptClient(stream.RemoteCertificate as X509Certificate2, out peer, out _);

    private MessageConnectionException Cut(Exception cause) => new($"The connection to {Peer} was cut.", cause);
}
