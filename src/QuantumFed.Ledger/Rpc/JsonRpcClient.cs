using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger;

/// <summary>
/// JSON-RPC 2.0 over HTTP to an Ethereum node. Calls that are safe to repeat are tried again, with growing waits, while the call's time lasts;
/// every other is sent once. Thread-safe.
/// </summary>
public sealed class JsonRpcClient : IDisposable
{
    /// <summary>The most calls in one request; more go in several.</summary>
    public const int MaxBatch = 100;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    private readonly RpcTransport _transport;
    private readonly RpcEndpoint _endpoint;
    private readonly TimeSpan _timeout;
    private long _lastId;

    private JsonRpcClient(RpcEndpoint endpoint, RpcTransport transport, TimeProvider time, TimeSpan timeout)
    {
        _transport = transport;
        _timeout = timeout;
        _endpoint = endpoint;
        Time = time;
    }

    /// <summary>Where the node listens.</summary>
    public Uri Endpoint => _endpoint.Address;

    /// <summary>The node in messages.</summary>
    internal string Name => _endpoint.Name;

    /// <summary>The clock of timeouts and of polling.</summary>
    internal TimeProvider Time { get; }

    /// <summary>A client of a node that asks for no token.</summary>
    /// <param name="endpoint">An http or https address.</param>
    /// <param name="time">The clock of timeouts.</param>
    /// <param name="timeout">How long a call may take, repetitions included; one attempt may take half of it. 20 seconds unless given.</param>
    /// <param name="handler">The connection, for tests; disposed with the client.</param>
    public static JsonRpcClient Create(Uri endpoint, TimeProvider time, TimeSpan? timeout = null, HttpMessageHandler? handler = null) =>
        Create(RpcEndpoint.Create(endpoint), time, timeout, handler);

    /// <summary>A client of a node.</summary>
    /// <exception cref="InvalidDataException">A certificate file cannot be used.</exception>
    /// <exception cref="IOException">A certificate file cannot be read.</exception>
    public static JsonRpcClient Create(RpcEndpoint endpoint, TimeProvider time, TimeSpan? timeout = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(time);
        return new JsonRpcClient(endpoint, new RpcTransport(endpoint, time, handler), time, timeout ?? DefaultTimeout);
    }

    /// <summary>Calls a method.</summary>
    /// <returns>The result; <see cref="JsonValueKind.Null"/> where the node has none.</returns>
    /// <exception cref="LedgerUnavailableException">No usable answer came in time.</exception>
    /// <exception cref="LedgerRejectedException">The node answered with an error.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<JsonElement> CallAsync(string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        RpcAnswer[] answers = await RequestAsync([new RpcCall(method, parameters)], cancellationToken).ConfigureAwait(false);
        return answers[0].Result;
    }

    /// <summary>Makes several calls in as few requests as can be. An error of one is in its answer and leaves the others theirs.</summary>
    /// <returns>The answers in the calls' order.</returns>
    /// <exception cref="LedgerUnavailableException">No usable answer came in time; which of the calls were carried out is not known.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<IReadOnlyList<RpcAnswer>> CallBatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calls);
        List<RpcAnswer> answers = new(calls.Count);
        foreach (RpcCall[] part in calls.Chunk(MaxBatch))
            answers.AddRange(await RequestAsync(part, cancellationToken).ConfigureAwait(false));
        return answers;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();

    private async Task<RpcAnswer[]> RequestAsync(RpcCall[] calls, CancellationToken cancellationToken)
    {
        RpcBatch batch = new(calls, Interlocked.Add(ref _lastId, calls.Length) - calls.Length + 1);
        byte[] request = batch.ToBytes();
        using CancellationTokenSource deadline = new(_timeout, Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        RpcFault? last = null;
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                last = null;
                try
                {
                    return await AttemptAsync(batch, request, both.Token).ConfigureAwait(false);
                }
                catch (RpcFault fault)
                {
                    last = fault;
                    if (!batch.IsSafeToRepeat || !fault.IsPassing || attempt + 1 == RpcBackoff.Attempts || fault.RetryAfter > RpcBackoff.LongestRetryAfter)
                        throw Unavailable(batch, fault);
                }
                await Task.Delay(last.RetryAfter ?? RpcBackoff.After(attempt), Time, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw last is not null
                ? Unavailable(batch, last)
                : new LedgerUnavailableException($"{Name} did not answer {batch.Name} within {_timeout.TotalSeconds} s.");
        }
    }

    private async Task<RpcAnswer[]> AttemptAsync(RpcBatch batch, byte[] request, CancellationToken cancellationToken)
    {
        // An answer that was dropped on the way never comes: half the time is left to ask again.
        TimeSpan limit = batch.IsSafeToRepeat ? _timeout / 2 : _timeout;
        using CancellationTokenSource impatience = new(limit, Time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(impatience.Token, cancellationToken);
        try
        {
            (byte[] body, HttpStatusCode status) = await _transport.ExchangeAsync(request, both.Token).ConfigureAwait(false);
            try
            {
                // Besu answers errors with status 400, others with 500: what is JSON-RPC counts.
                return batch.Read(body);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw (int)status is >= 200 and < 300
                    ? new RpcFault($"{Name} answered with something that is not JSON-RPC: {e.Message}", e, isPassing: true)
                    : new RpcFault($"{Name} answered with HTTP status {(int)status}", null, isPassing: (int)status >= 500);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcFault($"{Name} did not answer within {limit.TotalSeconds} s", null, isPassing: true);
        }
    }

    private static LedgerUnavailableException Unavailable(RpcBatch batch, RpcFault fault) =>
        new($"{fault.Message.TrimEnd('.')} (asked for {batch.Name}).", fault.InnerException) { IsOversize = fault.IsOversize };
}
