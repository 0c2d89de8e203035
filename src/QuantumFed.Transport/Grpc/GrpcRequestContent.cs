using System.Buffers;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace QuantumFed.Transport;

/// <summary>The requests of one call as an HTTP body: each is sent when the source yields it, under HTTP/2's flow control.</summary>
internal sealed class GrpcRequestContent<T> : HttpContent
    where T : IMessage<T>
{
    private readonly IAsyncEnumerable<T> _requests;
    private readonly CancellationToken _callToken;

    /// <summary>Takes the requests, and the token that ends the call from this side.</summary>
    public GrpcRequestContent(IAsyncEnumerable<T> requests, CancellationToken callToken)
    {
        _requests = requests;
        _callToken = callToken;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <summary>What the source of requests threw, if it did: the caller's own failure, not the network's.</summary>
    public Exception? SourceFailure { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<T> source = _requests.GetAsyncEnumerator(cancellationToken);
        try
        {
            // Headers go out at once, so that a call whose first request is late exists on the server.
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            while (await NextAsync(source, cancellationToken).ConfigureAwait(false))
                await SendAsync(stream, source.Current, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !_callToken.IsCancellationRequested)
        {
            // HttpClient stops the upload when the server has answered early or reset the stream. Were that to look like a failure of the
            // upload, it would hide the server's status. (If this side cancelled, the failure must stay, or the upload would seem complete.)
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<T> source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            SourceFailure = e;
            throw;
        }
    }

    private static async ValueTask SendAsync(Stream stream, T request, CancellationToken cancellationToken)
    {
        int size = request.CalculateSize();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MessageFraming.PrefixSizeInBytes + size);
        try
        {
            Memory<byte> frame = buffer.AsMemory(0, MessageFraming.PrefixSizeInBytes + size);
            MessageFraming.WritePrefix(frame.Span, size);
            request.WriteTo(frame.Span[MessageFraming.PrefixSizeInBytes..]);
            await stream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
