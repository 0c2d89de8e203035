using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// Answers one HTTP/2 request as a gRPC call ("gRPC over HTTP/2"). When <paramref name="draining"/> is cancelled, calls that come are refused with
/// UNAVAILABLE: those already on their way when the server's GOAWAY leaves arrive all the same. When <paramref name="stopping"/> is cancelled, calls
/// still running end with UNAVAILABLE: a connection that is merely cut would look like INTERNAL to the caller, who would not try again.
/// </summary>
internal sealed partial class GrpcRequestHandler(
    GrpcServiceMap services, int maxMessageSizeInBytes, TimeProvider time, ILogger logger, CancellationToken draining, CancellationToken stopping)
{
    private const string ContentType = "application/grpc";
    private const string Stopping = "The server is stopping.";

    public async Task HandleAsync(HttpContext context)
    {
        if (!IsGrpc(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        context.Response.ContentType = ContentType;
        try
        {
            await CallAsync(context).ConfigureAwait(false);
        }
        catch (GrpcException e)
        {
            End(context.Response, e.Status, e.Detail, e.Trailers);
        }
    }

    private async Task CallAsync(HttpContext context)
    {
        if (draining.IsCancellationRequested)
            throw new GrpcException(GrpcStatusCode.Unavailable, Stopping);
        HttpRequest request = context.Request;
        string path = request.Path.Value ?? "";
        if (!services.TryFind(path, out Func<ServerMessages, GrpcCall, Task>? handler))
            throw new GrpcException(GrpcStatusCode.Unimplemented, "The server has no such method.");
        if (request.Headers.TryGetValue("grpc-encoding", out StringValues encoding) && encoding != "identity")
        {
            context.Response.Headers["grpc-accept-encoding"] = "identity";
            throw new GrpcException(GrpcStatusCode.Unimplemented, "The server takes no compressed messages.");
        }
        TimeSpan? timeout = null;
        if (request.Headers.TryGetValue("grpc-timeout", out StringValues text))
        {
            if (!GrpcTimeout.TryParse(text.ToString(), out TimeSpan parsed))
                throw new GrpcException(GrpcStatusCode.Internal, "The grpc-timeout is malformed.");
            timeout = parsed;
        }
        if (!GrpcMetadata.TryRead(request.Headers.Select(header => KeyValuePair.Create(header.Key, (IEnumerable<string?>)header.Value)), out GrpcMetadata metadata))
            throw new GrpcException(GrpcStatusCode.Internal, "The value of a '-bin' entry is not base64.");

        X509Certificate2? certificate = context.Connection.ClientCertificate;
        MemberId? peer = certificate is not null && PeerCertificatePolicy.TryReadName(certificate, out MemberId name) ? name : null;
        using CallDeadline deadline = new(timeout, time, context.RequestAborted, stopping);
        GrpcCall call = new(
            peer,
            certificate is null ? null : Sha384Digest.Of(certificate.RawDataMemory.Span),
            certificate is not null && context.Features.Get<ITlsHandshakeFeature>() is { } handshake ? TlsLink.Of(handshake, certificate) : null,
            timeout is { } span ? CallDeadline.After(time.GetUtcNow(), span) : null,
            metadata,
            deadline.Token);
        await RunAsync(context, path, handler, call, deadline).ConfigureAwait(false);
    }

    private async Task RunAsync(HttpContext context, string path, Func<ServerMessages, GrpcCall, Task> handler, GrpcCall call, CallDeadline deadline)
    {
        ServerMessages messages = new(context.Request.BodyReader, context.Response.BodyWriter, maxMessageSizeInBytes, deadline);
        try
        {
            await handler(messages, call).ConfigureAwait(false);
            if (deadline.Passed)
                throw new GrpcException(GrpcStatusCode.DeadlineExceeded, "The deadline passed.");
            // Headers first, so that an empty stream of responses still ends with trailers of its own.
            await context.Response.StartAsync(deadline.Token).ConfigureAwait(false);
            End(context.Response, GrpcStatusCode.Ok, "", GrpcMetadata.Empty);
        }
        catch (GrpcException e)
        {
            if (e.Status == GrpcStatusCode.Internal)
                Log.CallMalformed(logger, path, call.Peer?.Name, e.Detail);
            throw;
        }
        catch (Exception e) when (deadline.Passed)
        {
            throw new GrpcException(GrpcStatusCode.DeadlineExceeded, "The deadline passed.", null, e);
        }
        catch (Exception) when (messages.CallerLost || context.RequestAborted.IsCancellationRequested)
        {
            Log.CallAborted(logger, path, call.Peer?.Name); // nobody is left to be told
        }
        catch (OperationCanceledException e) when (stopping.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, Stopping, null, e);
        }
        catch (Exception e)
        {
            Log.HandlerFailed(logger, e, path, call.Peer?.Name);
            throw new GrpcException(GrpcStatusCode.Unknown, "The handler failed.", null, e);
        }
    }

    private static bool IsGrpc(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || request.Headers.TE != "trailers")
            return false;
        ReadOnlySpan<char> type = request.ContentType;
        int parameters = type.IndexOf(';');
        if (parameters >= 0)
            type = type[..parameters].TrimEnd();
        return type.Equals(ContentType, StringComparison.OrdinalIgnoreCase) || type.Equals(ContentType + "+proto", StringComparison.OrdinalIgnoreCase);
    }

    private static void End(HttpResponse response, GrpcStatusCode status, string detail, GrpcMetadata trailers)
    {
        List<KeyValuePair<string, string>> fields = [KeyValuePair.Create("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture))];
        if (detail.Length > 0)
            fields.Add(KeyValuePair.Create("grpc-message", StatusMessage.Encode(detail)));
        foreach (GrpcMetadataEntry entry in trailers.Entries)
            fields.Add(KeyValuePair.Create(entry.Name, GrpcMetadata.WireValue(entry)));
        // Nothing sent yet: "Trailers-Only", a single block of headers that ends the stream.
        bool trailersOnly = !response.HasStarted;
        foreach ((string name, string value) in fields)
        {
            if (trailersOnly)
                response.Headers.Append(name, value);
            else
                response.AppendTrailer(name, value);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "The handler of {Method} failed on a call of {Peer}.")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string method, string? peer);

        [LoggerMessage(4002, LogLevel.Warning, "A call of {Method} by {Peer} broke the protocol: {Detail}")]
        public static partial void CallMalformed(ILogger logger, string method, string? peer, string detail);

        [LoggerMessage(4003, LogLevel.Debug, "A call of {Method} by {Peer} was cancelled or its connection lost.")]
        public static partial void CallAborted(ILogger logger, string method, string? peer);
    }
}
