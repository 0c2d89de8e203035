using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger;

/// <summary>JSON-RPC 2.0 over HTTP to an Ethereum node. It never retries: what may be sent twice is the caller's to know. Thread-safe.</summary>
public sealed class JsonRpcClient : IDisposable
{
    // A block full of calldata is a few megabytes; a node that sends more is broken or hostile.
    private const int MaxResponseBytes = 64 << 20;

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private long _lastId;

    private JsonRpcClient(HttpClient http, Uri endpoint, TimeProvider time, TimeSpan timeout)
    {
        _http = http;
        _timeout = timeout;
        Endpoint = endpoint;
        Time = time;
    }

    /// <summary>Where the node listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>The clock of timeouts and of polling.</summary>
    internal TimeProvider Time { get; }

    /// <summary>A client of a node.</summary>
    /// <param name="endpoint">An http or https address.</param>
    /// <param name="time">The clock of timeouts.</param>
    /// <param name="timeout">How long a call may take; 10 seconds unless given.</param>
    /// <param name="handler">The connection, for TLS credentials or tests; disposed with the client.</param>
    public static JsonRpcClient Create(Uri endpoint, TimeProvider time, TimeSpan? timeout = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(time);
        HttpClient http = new(handler ?? new SocketsHttpHandler(), disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxResponseBytes,
        };
        return new JsonRpcClient(http, endpoint, time, timeout ?? TimeSpan.FromSeconds(10));
    }

    /// <summary>Calls a method.</summary>
    /// <returns>The result; <see cref="JsonValueKind.Null"/> where the node has none.</returns>
    /// <exception cref="LedgerUnavailableException">No usable answer came in time.</exception>
    /// <exception cref="LedgerRejectedException">The node answered with an error.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<JsonElement> CallAsync(string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        long id = Interlocked.Increment(ref _lastId);
        JsonObject request = new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };
        using ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(request));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using CancellationTokenSource timeout = new(_timeout, Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        byte[] answer;
        try
        {
            using HttpResponseMessage response = await _http.PostAsync(Endpoint, content, both.Token).ConfigureAwait(false);
            answer = await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode && !IsJsonObject(answer))
                throw new LedgerUnavailableException($"{Endpoint} answered {method} with HTTP status {(int)response.StatusCode}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LedgerUnavailableException($"{Endpoint} did not answer {method} within {_timeout.TotalSeconds} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new LedgerUnavailableException($"{Endpoint} could not be asked for {method}: {e.Message}", e);
        }
        return ReadAnswer(method, id, answer);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private static bool IsJsonObject(byte[] answer) => answer.Length > 0 && answer[0] == (byte)'{';

    private JsonElement ReadAnswer(string method, long id, byte[] answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
                throw ReadError(error);
            if (root.GetProperty("id").GetInt64() != id)
                throw new LedgerUnavailableException($"{Endpoint} answered another call than {method}.");
            return root.GetProperty("result").Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new LedgerUnavailableException($"{Endpoint} answered {method} with something that is not JSON-RPC.", e);
        }
    }

    private static LedgerRejectedException ReadError(JsonElement error)
    {
        string message = error.TryGetProperty("message", out JsonElement text) ? text.ToString() : "";
        int code = error.TryGetProperty("code", out JsonElement number) && number.TryGetInt32(out int value) ? value : 0;
        byte[] data = [];
        // Geth, Besu and anvil put the revert's data there as hex; Hardhat wraps it once more.
        if (error.TryGetProperty("data", out JsonElement raw))
        {
            if (raw.ValueKind == JsonValueKind.Object && raw.TryGetProperty("data", out JsonElement inner))
                raw = inner;
            _ = RpcJson.TryReadBytes(raw, out data);
        }
        return LedgerRejectedException.FromNode(code, message, data);
    }
}
