using System.IO.Pipelines;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using Google.Protobuf;

namespace QuantumFed.Transport;

/// <summary>One call on the client, from its headers to its status. Disposing it early cancels it (RST_STREAM).</summary>
internal sealed class GrpcClientCall<TRequest, TResponse> : IDisposable
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>
{
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly GrpcRequestContent<TRequest> _content;
    private readonly HttpRequestMessage _request;
    private readonly CallDeadline _deadline;
    private readonly CancellationToken _callerToken;
    private readonly GrpcChannel _channel;
    private HttpResponseMessage? _response;
    private PipeReader? _reader;
    private bool _anyBody;

    public GrpcClientCall(
        GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, IAsyncEnumerable<TRequest> requests, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        _channel = channel;
        _method = method;
        _callerToken = cancellationToken;
        TimeSpan? remaining = options.Deadline - channel.Time.GetUtcNow();
        _deadline = new CallDeadline(remaining, channel.Time, cancellationToken);
        _content = new GrpcRequestContent<TRequest>(requests, _deadline.Token);
        _request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
        _request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (GrpcMetadataEntry entry in options.Metadata.Entries)
            _request.Headers.TryAddWithoutValidation(entry.Name, GrpcMetadata.WireValue(entry));
        if (remaining is { } left)
            _request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(left));
    }

    /// <summary>The next response; a default value once the call has ended with OK.</summary>
    /// <exception cref="GrpcException">The call ended otherwise.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async ValueTask<ReceivedMessage<TResponse>> ReadAsync()
    {
        try
        {
            _response ??= await SendAsync().ConfigureAwait(false);
            _reader ??= PipeReader.Create(
                await _response.Content.ReadAsStreamAsync(_deadline.Token).ConfigureAwait(false),
                new StreamPipeReaderOptions(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024));
            ReceivedMessage<TResponse> response = await MessageFraming
                .ReadAsync(_reader, _method.ResponseParser, _channel.MaxMessageSizeInBytes, _deadline.Token).ConfigureAwait(false);
            _anyBody |= response.HasValue;
            if (!response.HasValue)
                RequireOk(_response);
            return response;
        }
        catch (Exception e) when (e is not GrpcException)
        {
            throw Translate(e);
        }
    }

    /// <summary>The one response of a method that has one (UNIMPLEMENTED if it is none or two, as gRPC has it).</summary>
    public async Task<TResponse> ReadSingleAsync()
    {
        ReceivedMessage<TResponse> first = await ReadAsync().ConfigureAwait(false);
        if (!first.HasValue)
            throw new GrpcException(GrpcStatusCode.Unimplemented, "The server sent no response.");
        if ((await ReadAsync().ConfigureAwait(false)).HasValue)
            throw new GrpcException(GrpcStatusCode.Unimplemented, "The server sent more than one response.");
        return first.Value;
    }

    public void Dispose()
    {
        _deadline.Cancel();
        _response?.Dispose();
        _request.Dispose();
        _deadline.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync()
    {
        _deadline.Token.ThrowIfCancellationRequested();
        HttpResponseMessage response = await _channel.Invoker.SendAsync(_request, _deadline.Token).ConfigureAwait(false);
        if (TryReadStatus(response.Headers, out _))
            return response; // possibly Trailers-Only; what the body says is seen when it has been read
        if (response.StatusCode != HttpStatusCode.OK)
            throw Failed(response, StatusSynthesis.FromHttp(response.StatusCode), $"The server answered HTTP {(int)response.StatusCode}.");
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (type is not ("application/grpc" or "application/grpc+proto"))
        {
            bool otherFormat = type?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
            throw Failed(response, otherFormat ? GrpcStatusCode.Internal : GrpcStatusCode.Unknown, $"The server answered with content type '{type}'.");
        }
        if (response.Headers.TryGetValues("grpc-encoding", out IEnumerable<string>? encodings) && encodings.Any(encoding => encoding != "identity"))
            throw Failed(response, GrpcStatusCode.Internal, "The server answered with compressed messages.");
        return response;
    }

    private static GrpcException Failed(HttpResponseMessage response, GrpcStatusCode status, string detail)
    {
        response.Dispose();
        return new GrpcException(status, detail);
    }

    private void RequireOk(HttpResponseMessage response)
    {
        HttpResponseHeaders fields = response.TrailingHeaders;
        if (!TryReadStatus(fields, out int status))
        {
            fields = response.Headers; // Trailers-Only, which has no body
            if (!TryReadStatus(fields, out status))
                throw new GrpcException(GrpcStatusCode.Unknown, "The server sent no status.");
            if (_anyBody)
                throw new GrpcException(GrpcStatusCode.Internal, "The server sent messages and no trailers.");
        }
        if (status == (int)GrpcStatusCode.Ok)
            return;
        string detail = fields.TryGetValues("grpc-message", out IEnumerable<string>? messages) ? StatusMessage.Decode(messages.First()) : "";
        GrpcMetadata.TryRead(fields.NonValidated.Select(field => KeyValuePair.Create(field.Key, (IEnumerable<string?>)field.Value)), out GrpcMetadata trailers);
        GrpcStatusCode code = status is > 0 and <= (int)GrpcStatusCode.Unauthenticated ? (GrpcStatusCode)status : GrpcStatusCode.Unknown;
        throw new GrpcException(code, detail, trailers);
    }

    /// <summary>A status that is no number counts as UNKNOWN.</summary>
    private static bool TryReadStatus(HttpResponseHeaders headers, out int status)
    {
        status = -1;
        if (!headers.TryGetValues("grpc-status", out IEnumerable<string>? values))
            return false;
        if (!int.TryParse(values.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out status))
            status = -1;
        return true;
    }

    private Exception Translate(Exception failure)
    {
        if (_callerToken.IsCancellationRequested)
            return new OperationCanceledException("The call was cancelled.", failure, _callerToken);
        if (_deadline.Passed)
            return new GrpcException(GrpcStatusCode.DeadlineExceeded, "The deadline passed.", null, failure);
        if (_content.SourceFailure is { } own)
        {
            ExceptionDispatchInfo.Throw(own);
            return own;
        }
        string detail = _channel.TakeRefusal() is { } refusal ? $"The server's certificate was refused: {refusal}." : failure.Message;
        return new GrpcException(StatusSynthesis.FromFailure(failure), detail, null, failure);
    }
}
