using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace QuantumFed.Transport;

/// <summary>The two directions of one call on the server.</summary>
internal sealed class ServerMessages(PipeReader reader, PipeWriter writer, int maxMessageSizeInBytes, CallDeadline deadline)
{
    /// <summary>Whether reading found the caller gone.</summary>
    public bool CallerLost { get; private set; }

    /// <summary>The one request of a method that has one; neither none nor two (UNIMPLEMENTED, as gRPC has it).</summary>
    public async Task<T> ReadSingleAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        ReceivedMessage<T> first = await ReadAsync(parser, cancellationToken).ConfigureAwait(false);
        if (!first.HasValue)
            throw new GrpcException(GrpcStatusCode.Unimplemented, "The method takes one request and got none.");
        if ((await ReadAsync(parser, cancellationToken).ConfigureAwait(false)).HasValue)
            throw new GrpcException(GrpcStatusCode.Unimplemented, "The method takes one request and got more.");
        return first.Value;
    }

    /// <summary>The requests in order.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync<T>(MessageParser<T> parser, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        while (await ReadAsync(parser, cancellationToken).ConfigureAwait(false) is { HasValue: true, Value: var request })
            yield return request;
    }

    /// <summary>Sends one response.</summary>
    public async Task WriteAsync(IMessage response, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MessageFraming.Write(writer, response);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends responses as they come.</summary>
    public async Task WriteAllAsync<T>(IAsyncEnumerable<T> responses, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        await foreach (T response in responses.WithCancellation(cancellationToken).ConfigureAwait(false))
            await WriteAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ReceivedMessage<T>> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        try
        {
            return await MessageFraming.ReadAsync(reader, parser, maxMessageSizeInBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // Kestrel ends the body of a lost call and cancels its token on two threads: whichever comes first, the call is cancelled.
            CallerLost = true;
            deadline.Cancel();
            throw new OperationCanceledException("The caller went away.", e, deadline.Token);
        }
    }
}
