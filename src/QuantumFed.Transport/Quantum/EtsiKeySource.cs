using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// A party's key manager behind ETSI GS QKD 014 (v1.1.1), over TLS 1.3 with mutual ML-DSA-65 certificates: the key manager is known by its name
/// under the consortium's root, and knows the party by its own certificate. Answers are bounded in size (16 KiB) and time. Thread safe.
/// </summary>
/// <remarks>
/// Nothing is tried twice: a key manager hands a key out once, so a lost answer is a lost key, and a second request takes another. Buffers here
/// are zeroed; those of .NET's HTTP and TLS, through which keys also pass, are not ours to zero.
/// </remarks>
public sealed class EtsiKeySource : IQuantumKeySource, IDisposable
{
    private readonly Uri _address;
    private readonly MemberId _self, _keyManager;
    private readonly EtsiKeySourceOptions _options;
    private readonly TimeProvider _time;
    private readonly HandshakeRefusal _refusal;
    private readonly HttpMessageInvoker _http;

    internal EtsiKeySource(
        Uri address, MemberId self, MemberId keyManager, EtsiKeySourceOptions options, TimeProvider time, HandshakeRefusal refusal, HttpMessageHandler handler)
    {
        _address = address;
        _self = self;
        _keyManager = keyManager;
        _options = options;
        _time = time;
        _refusal = refusal;
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <summary>Makes a source; nothing is sent yet.</summary>
    /// <param name="address">Where the key manager listens: <c>https://host:port</c>.</param>
    /// <param name="identity">The party's identity, whose name is its SAE id; borrowed, and disposed only after the source.</param>
    /// <param name="keyManager">The name in the key manager's certificate; the host name plays no part.</param>
    /// <param name="options">Times; the defaults if <see langword="null"/>.</param>
    /// <param name="time">The clock of answers and certificates; the system's if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The address is not of that form, the name unset, or an option out of range.</exception>
    /// <exception cref="TransportProfileException">OpenSSL is too old.</exception>
    public static EtsiKeySource Create(Uri address, NodeIdentity identity, MemberId keyManager, EtsiKeySourceOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(identity);
        options ??= new EtsiKeySourceOptions();
        options.Validate();
        time ??= TimeProvider.System;
        HandshakeRefusal refusal = new();
        GrpcChannelOptions connections = new() { ConnectTimeout = options.ConnectTimeout };
        HttpMessageHandler handler = ClientConnections.Mutual(address, identity, keyManager, connections, time, refusal);
        return new EtsiKeySource(address, identity.Name, keyManager, options, time, refusal, handler);
    }

    /// <inheritdoc/>
    public async Task<QuantumKeyStatus> ReadStatusAsync(MemberId slave, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, slave, "status");
        return await ExchangeAsync(request, answer => EtsiStatus.Read(answer.Bytes.Span, _self, slave), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<QuantumKey> ObtainAsync(MemberId slave, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, slave, "enc_keys");
        request.Content = Json($$"""{"number":1,"size":{{_options.KeySizeInBits}}}""");
        return await ExchangeAsync(request, answer => EtsiKeyContainer.Read(answer.Bytes.Span), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<QuantumKey> RetrieveAsync(MemberId master, QuantumKeyId id, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, master, "dec_keys");
        request.Content = Json($$"""{"key_IDs":[{"key_ID":"{{id}}"}]}""");
        QuantumKey key = await ExchangeAsync(request, answer => EtsiKeyContainer.Read(answer.Bytes.Span), cancellationToken).ConfigureAwait(false);
        if (key.Id == id)
            return key;
        key.Dispose();
        throw new QuantumKeyException(LinkFailure.Refused, $"Key manager {_keyManager} answered with key {key.Id} when asked for {id}.");
    }

    /// <summary>Closes the connections; requests under way fail.</summary>
    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Json(string text) =>
        new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private HttpRequestMessage Request(HttpMethod method, MemberId other, string what) =>
        new(method, new Uri(_address, $"/api/v1/keys/{Uri.EscapeDataString(other.Name)}/{what}"))
        {
            // HTTP/2 where the key manager speaks it; the standard asks for HTTP/1.1.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

    private async Task<T> ExchangeAsync<T>(HttpRequestMessage request, Func<EtsiAnswer, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        using CallDeadline deadline = new(_options.AnswerTimeout, _time, cancellationToken);
        using EtsiAnswer answer = new();
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, deadline.Token).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            if (!await answer.TryFillAsync(body, deadline.Token).ConfigureAwait(false))
                throw Failed(LinkFailure.Refused, $"answered with more than {EtsiAnswer.MaxSizeInBytes} bytes");
            if (response.StatusCode == HttpStatusCode.OK)
                return read(answer) ?? throw Failed(LinkFailure.Refused, "answered with something else than the standard asks for");
            EtsiError.TryRead(answer.Bytes, out EtsiError? error);
            throw Failed(EtsiError.FailureOf(response.StatusCode, error), $"answered {(int)response.StatusCode}", error?.Message);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            throw Failed(LinkFailure.Refused, "answered with something else than HTTP", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            string reason = _refusal.Take() is { } refusal ? $"was not taken for itself: {refusal}" : $"was not reached at {_address.Authority}";
            throw Failed(LinkFailure.Unreachable, reason, inner: e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The deadline's, or the handler's own for connecting.
            throw Failed(LinkFailure.Unreachable, "did not answer in time", inner: e);
        }
    }

    private QuantumKeyException Failed(LinkFailure failure, string what, string? words = null, Exception? inner = null) =>
        new(failure, $"Key manager {_keyManager} {what}.", words, inner);
}
