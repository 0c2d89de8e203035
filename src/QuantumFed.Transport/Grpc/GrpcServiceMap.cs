using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace QuantumFed.Transport;

/// <summary>
/// The methods a server answers. A handler's <see cref="GrpcException"/> becomes the call's status; any other exception becomes
/// UNKNOWN, logged here and untold to the peer. Filled before the server starts; not thread safe until then.
/// </summary>
public sealed class GrpcServiceMap
{
    private readonly Dictionary<string, Func<ServerMessages, GrpcCall, Task>> _handlers = new(StringComparer.Ordinal);

    /// <summary>Maps a method of one request and one response.</summary>
    /// <exception cref="ArgumentException">The method is mapped already.</exception>
    public GrpcServiceMap MapUnary<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCall, Task<TResponse>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(method, async (messages, call) =>
        {
            TRequest request = await messages.ReadSingleAsync(method.RequestParser, call.CancellationToken).ConfigureAwait(false);
            TResponse response = await handler(request, call).ConfigureAwait(false);
            await messages.WriteAsync(response, call.CancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Maps a method of many requests and one response. The requests are read as the handler asks for them.</summary>
    /// <exception cref="ArgumentException">The method is mapped already.</exception>
    public GrpcServiceMap MapClientStreaming<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IAsyncEnumerable<TRequest>, GrpcCall, Task<TResponse>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(method, async (messages, call) =>
        {
            TResponse response = await handler(messages.ReadAllAsync(method.RequestParser, call.CancellationToken), call).ConfigureAwait(false);
            await messages.WriteAsync(response, call.CancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Maps a method of one request and many responses, each sent as it is made.</summary>
    /// <exception cref="ArgumentException">The method is mapped already.</exception>
    public GrpcServiceMap MapServerStreaming<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCall, IAsyncEnumerable<TResponse>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(method, async (messages, call) =>
        {
            TRequest request = await messages.ReadSingleAsync(method.RequestParser, call.CancellationToken).ConfigureAwait(false);
            await messages.WriteAllAsync(handler(request, call), call.CancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Maps a method of many requests and many responses, in both directions at once.</summary>
    /// <exception cref="ArgumentException">The method is mapped already.</exception>
    public GrpcServiceMap MapDuplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IAsyncEnumerable<TRequest>, GrpcCall, IAsyncEnumerable<TResponse>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Map(method, (messages, call) =>
            messages.WriteAllAsync(handler(messages.ReadAllAsync(method.RequestParser, call.CancellationToken), call), call.CancellationToken));
    }

    internal bool TryFind(string path, [NotNullWhen(true)] out Func<ServerMessages, GrpcCall, Task>? handler) => _handlers.TryGetValue(path, out handler);

    private GrpcServiceMap Map<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<ServerMessages, GrpcCall, Task> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!_handlers.TryAdd(method.Path, handler))
            throw new ArgumentException($"{method.Path} is mapped already.", nameof(method));
        return this;
    }
}
