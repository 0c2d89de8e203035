using System.Net;
using System.Net.Http;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// A member's end of the channel: calls to one server, known by name, over TLS 1.3 with mutual ML-DSA-65 certificates and HTTP/2. It
/// connects at the first call and again after a loss. Thread safe; calls share a connection.
/// </summary>
/// <remarks>
/// Every call throws <see cref="GrpcException"/> when it ends with another status than OK (UNAVAILABLE where the server was not reached,
/// refused or was refused), and <see cref="OperationCanceledException"/> when its token is cancelled. An exception of the caller's own
/// stream of requests comes through unchanged. .NET cannot be asked which group was negotiated: X25519MLKEM768 is enforced by the server, and in a
/// process under <c>network/openssl/server.cnf</c> by this side too.
/// </remarks>
public sealed class GrpcChannel : IDisposable
{
    private readonly HandshakeRefusal _refusal;

    internal GrpcChannel(Uri address, HttpMessageHandler handler, GrpcChannelOptions options, TimeProvider time, HandshakeRefusal? refusal = null)
    {
        _refusal = refusal ?? new HandshakeRefusal();
        Address = address;
        Invoker = new HttpMessageInvoker(handler, disposeHandler: true);
        MaxMessageSizeInBytes = options.MaxMessageSizeInBytes;
        Time = time;
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    internal HttpMessageInvoker Invoker { get; }

    internal int MaxMessageSizeInBytes { get; }

    internal TimeProvider Time { get; }

    /// <summary>Makes a channel; nothing is sent yet.</summary>
    /// <param name="address">Where the server listens: <c>https://host:port</c>.</param>
    /// <param name="identity">The caller's identity; borrowed, and disposed only after the channel.</param>
    /// <param name="expectedServer">Whose certificate the server must show; the host name plays no part.</param>
    /// <param name="options">Limits; the defaults if <see langword="null"/>.</param>
    /// <param name="time">The clock of deadlines and certificates; the system's if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The address is not of that form, the name unset, or an option out of range.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static GrpcChannel Create(Uri address, NodeIdentity identity, MemberId expectedServer, GrpcChannelOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(identity);
        options ??= new GrpcChannelOptions();
        options.Validate();
        time ??= TimeProvider.System;
        HandshakeRefusal refusal = new();
        return new GrpcChannel(address, ClientConnections.Mutual(address, identity, expectedServer, options, time, refusal), options, time, refusal);
    }

    /// <summary>
    /// Calls a server on this machine without TLS and without knowing it: for tests of the wire format against gRPC implementations that
    /// cannot speak the profile. Never for data.
    /// </summary>
    /// <exception cref="ArgumentException">The address is not a loopback address, or an option is out of range.</exception>
    internal static GrpcChannel CreateLoopbackCleartextForInteropTests(IPEndPoint server, GrpcChannelOptions? options = null, TimeProvider? time = null)
    {
        if (!IPAddress.IsLoopback(server.Address))
            throw new ArgumentException("Cleartext is spoken to a loopback address only.", nameof(server));
        options ??= new GrpcChannelOptions();
        options.Validate();
        return new GrpcChannel(new Uri($"http://{server}"), ClientConnections.Bare(options), options, time ?? TimeProvider.System);
    }

    /// <summary>Sends one request and awaits one response.</summary>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        using GrpcClientCall<TRequest, TResponse> call = Start(method, One(request), options, cancellationToken);
        return await call.ReadSingleAsync().ConfigureAwait(false);
    }

    /// <summary>Sends requests as they are yielded and awaits one response, which may come before the last request is sent.</summary>
    public async Task<TResponse> ClientStreamingAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        using GrpcClientCall<TRequest, TResponse> call = Start(method, requests, options, cancellationToken);
        return await call.ReadSingleAsync().ConfigureAwait(false);
    }

    /// <summary>Sends one request and yields responses as they come. Leaving the loop early cancels the call.</summary>
    public IAsyncEnumerable<TResponse> ServerStreamingAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        DuplexAsync(method, One(request), options, cancellationToken);

    /// <summary>Sends requests and yields responses, both as they come. Leaving the loop early cancels the call.</summary>
    public async IAsyncEnumerable<TResponse> DuplexAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method,
        IAsyncEnumerable<TRequest> requests,
        GrpcCallOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        using GrpcClientCall<TRequest, TResponse> call = Start(method, requests, options, cancellationToken);
        while (await call.ReadAsync().ConfigureAwait(false) is { HasValue: true, Value: var response })
            yield return response;
    }

    /// <summary>Closes the connections; calls under way fail.</summary>
    public void Dispose() => Invoker.Dispose();

    /// <summary>Why the last handshake was refused here, once.</summary>
    internal string? TakeRefusal() => _refusal.Take();

    private GrpcClientCall<TRequest, TResponse> Start<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, GrpcCallOptions? options, CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(requests);
        return new GrpcClientCall<TRequest, TResponse>(this, method, requests, options ?? GrpcCallOptions.None, cancellationToken);
    }

    private static async IAsyncEnumerable<T> One<T>(T request)
    {
        ArgumentNullException.ThrowIfNull(request);
        await Task.CompletedTask.ConfigureAwait(false);
        yield return request;
    }
}
