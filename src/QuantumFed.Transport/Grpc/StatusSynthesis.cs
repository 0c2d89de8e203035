using System.Net;
using System.Net.Http;

namespace QuantumFed.Transport;

/// <summary>Statuses for calls whose peer sent none ("HTTP to gRPC Status Code Mapping"; "gRPC over HTTP/2", Errors).</summary>
internal static class StatusSynthesis
{
    private const long RefusedStream = 0x7, Cancel = 0x8, EnhanceYourCalm = 0xb, InadequateSecurity = 0xc;

    /// <summary>From the HTTP status.</summary>
    public static GrpcStatusCode FromHttp(HttpStatusCode status) => (int)status switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    /// <summary>From the code of an HTTP/2 RST_STREAM (RFC 9113, section 7).</summary>
    public static GrpcStatusCode FromReset(long errorCode) => errorCode switch
    {
        RefusedStream => GrpcStatusCode.Unavailable,
        Cancel => GrpcStatusCode.Cancelled,
        EnhanceYourCalm => GrpcStatusCode.ResourceExhausted,
        InadequateSecurity => GrpcStatusCode.PermissionDenied,
        _ => GrpcStatusCode.Internal,
    };

    /// <summary>
    /// From what HttpClient threw: a reset stream has its code; everything else means that the server was not reached or was lost. A lost
    /// connection is an HttpProtocolException too (an unanswered ping is PROTOCOL_ERROR), and .NET tells the two apart by the message alone: should
    /// that ever change, resets become UNAVAILABLE, and a test fails.
    /// </summary>
    public static GrpcStatusCode FromFailure(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException { ErrorCode: var code } && e.Message.Contains("reset the stream", StringComparison.Ordinal))
                return FromReset(code);
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
                return GrpcStatusCode.ResourceExhausted;
        }
        return GrpcStatusCode.Unavailable;
    }
}
