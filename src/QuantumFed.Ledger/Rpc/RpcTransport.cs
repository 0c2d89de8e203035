using System.Net;
using System.Net.Http.Headers;

namespace QuantumFed.Ledger;

/// <summary>One HTTP exchange with a node: the token, the statuses, the size. It reads no JSON and never tries again, but for a renewed token.</summary>
internal sealed class RpcTransport : IDisposable
{
    // A block full of calldata is a few megabytes; a node that sends more is broken or hostile.
    private const int MaxResponseBytes = 64 << 20;

    private readonly HttpClient _http;
    private readonly RpcEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly RpcToken? _token;

    public RpcTransport(RpcEndpoint endpoint, TimeProvider time, HttpMessageHandler? handler)
    {
        _endpoint = endpoint;
        _time = time;
        _token = endpoint.TokenFile is { } path ? new RpcToken(path) : null;
        _http = new HttpClient(handler ?? RpcTls.Connect(endpoint), disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxResponseBytes,
        };
    }

    /// <summary>Sends a request; the token covers the whole answer, not its headers only.</summary>
    /// <returns>The body, and whether the status says that it is what was asked for.</returns>
    /// <exception cref="RpcFault">There is no answer to read.</exception>
    /// <exception cref="LedgerUnavailableException">The token file cannot be used.</exception>
    public async Task<(byte[] Body, HttpStatusCode Status)> ExchangeAsync(byte[] request, CancellationToken cancellationToken)
    {
        (byte[] Body, HttpStatusCode Status) answer = await PostAsync(request, renew: false, cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.Unauthorized && _token is not null)
            answer = await PostAsync(request, renew: true, cancellationToken).ConfigureAwait(false);
        return answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? throw new RpcFault(
                _token is null ? $"{_endpoint.Name} asks for a token" : $"{_endpoint.Name} refuses the token of {_endpoint.TokenFile}", null, isPassing: false)
            : answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(byte[] Body, HttpStatusCode Status)> PostAsync(byte[] request, bool renew, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, _endpoint.Address) { Content = new ByteArrayContent(request) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.Authorization = _token?.Header(renew);
        try
        {
            // The whole body is read here, so that a trickle ends with the caller's time and an oversize answer at the limit.
            using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
                throw new RpcFault($"{_endpoint.Name} answered with HTTP status {(int)response.StatusCode}", null, isPassing: true, RetryAfterOf(response));
            return (await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), response.StatusCode);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new RpcFault($"{_endpoint.Name} answered with more than {MaxResponseBytes >> 20} MiB", e, isPassing: false, isOversize: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // A certificate that is not trusted now is not trusted a moment later either.
            throw new RpcFault(
                $"{_endpoint.Name} cannot be reached: {Words(e)}", e, isPassing: e is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError });
        }
    }

    private static string Words(Exception e) =>
        e.InnerException is System.Security.Authentication.AuthenticationException { Message: { } inner } ? inner : e.Message;

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? after = response.Headers.RetryAfter;
        TimeSpan? wait = after?.Delta ?? (after?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
