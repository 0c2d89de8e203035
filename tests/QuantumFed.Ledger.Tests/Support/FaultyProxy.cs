using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger.Tests;

/// <summary>Stands between a client and a real node and does to each request what a plan says. It speaks just enough HTTP.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SwapPatience = TimeSpan.FromMilliseconds(30);

    private const int Lanes = 32;

    private readonly Uri _node;
    private readonly SemaphoreSlim _lanes = new(Lanes, Lanes);
    private readonly Func<IReadOnlyList<string>, int, ProxyFault> _plan;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly ConcurrentDictionary<ProxyFault, int> _done = [];
    private readonly Task _accepting;
    private TaskCompletionSource<(byte[] Theirs, TaskCompletionSource<byte[]> Ours)>? _swap;
    private int _requests;

    public FaultyProxy(Uri node, Func<IReadOnlyList<string>, int, ProxyFault> plan)
    {
        _node = node;
        _plan = plan;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>How often each fault was done.</summary>
    public IReadOnlyDictionary<ProxyFault, int> Done => _done;

    /// <summary>What happens before a request is passed on, given its methods.</summary>
    public Func<IReadOnlyList<string>, Task>? BeforeForwarding { get; set; }

    /// <summary>What happens when an answer begins to trickle.</summary>
    public Action? Trickling { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _http.Dispose();
        _lanes.Dispose();
        _end.Dispose();
    }

    /// <summary>
    /// Replaces the newest blocks by others without their transactions. Nothing is passed on meanwhile and the pool is empty: anvil's
    /// state and its blocks come apart when a block is made while others are being replaced.
    /// </summary>
    public async Task ReorganizeAsync(JsonRpcClient node, int depth, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Lanes; i++)
            await _lanes.WaitAsync(cancellationToken);
        try
        {
            while ((await node.CallAsync("txpool_status", [], cancellationToken)).GetProperty("pending").GetString() != "0x0")
                await Task.Yield();
            await node.CallAsync("evm_mine", [], cancellationToken);
            await node.CallAsync("anvil_reorg", [depth, new JsonArray()], cancellationToken);
        }
        finally
        {
            _lanes.Release(Lanes);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_end.Token);
                Task serving = Task.Run(() => ServeAsync(socket));
                _connections[serving] = true;
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using NetworkStream stream = new(socket, ownsSocket: true);
        try
        {
            List<byte> buffered = [];
            while (await ReadRequestAsync(stream, buffered) is { } request)
            {
                if (!await AnswerAsync(socket, stream, request))
                    return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or HttpRequestException)
        {
            // The client left, or the node is away: the connection closes.
        }
    }

    // Whether the connection goes on.
    private async Task<bool> AnswerAsync(Socket socket, NetworkStream stream, byte[] request)
    {
        JsonNode body = JsonNode.Parse(request)!;
        string[] methods = [.. (body is JsonArray calls ? calls : [body.DeepClone()]).Select(call => (string)call!["method"]!)];
        ProxyFault fault = _plan(methods, Interlocked.Increment(ref _requests) - 1);
        _ = _done.AddOrUpdate(fault, 1, (_, count) => count + 1);
        switch (fault)
        {
            case ProxyFault.RequestLost:
                return false;
            case ProxyFault.Reset:
                socket.LingerState = new LingerOption(true, 0);
                return false;
            case ProxyFault.Refused:
                await WriteAsync(stream, Encoding.UTF8.GetBytes($"{{\"id\":{body["id"]},\"error\":{{\"code\":-32000,\"message\":\"not by this node\"}}}}"), "200 OK");
                return true;
            case ProxyFault.TooManyRequests:
                await WriteAsync(stream, [], "429 Too Many Requests\r\nRetry-After: 0");
                return true;
            case ProxyFault.ServerError:
                await WriteAsync(stream, "<html>broken</html>"u8.ToArray(), "500 Internal Server Error");
                return true;
            case ProxyFault.Oversize:
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {1L << 40}\r\n\r\n[["), _end.Token);
                return false;
            default:
                break;
        }
        if (BeforeForwarding is { } before)
            await before(methods);
        byte[] answer = await ForwardAsync(request);
        if (fault == ProxyFault.Duplicated)
            answer = await ForwardAsync(request);
        switch (fault)
        {
            case ProxyFault.AnswerLost:
                return false;
            case ProxyFault.Delayed:
                await Task.Delay(Delay, _end.Token);
                break;
            case ProxyFault.Swapped:
                answer = await SwapAsync(answer);
                break;
            case ProxyFault.Shuffled or ProxyFault.NullReceipts or ProxyFault.OtherChainId:
                answer = Altered(answer, methods, fault);
                break;
            case ProxyFault.Truncated:
                answer = answer[..(answer.Length / 2)];
                break;
            case ProxyFault.CutOff:
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n"), _end.Token);
                await stream.WriteAsync(answer.AsMemory(0, answer.Length / 2), _end.Token);
                return false;
            case ProxyFault.Trickle:
                await TrickleAsync(stream, answer);
                return false;
            default:
                break;
        }
        await WriteAsync(stream, answer, "200 OK");
        return true;
    }

    private async Task<byte[]> ForwardAsync(byte[] request)
    {
        await _lanes.WaitAsync(_end.Token);
        try
        {
            using ByteArrayContent content = new(request);
            content.Headers.ContentType = new("application/json");
            using HttpResponseMessage response = await _http.PostAsync(_node, content, _end.Token);
            return await response.Content.ReadAsByteArrayAsync(_end.Token);
        }
        finally
        {
            _lanes.Release();
        }
    }

    private async Task<byte[]> SwapAsync(byte[] answer)
    {
        TaskCompletionSource<(byte[], TaskCompletionSource<byte[]>)> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.Exchange(ref _swap, null) is { } waiting)
        {
            TaskCompletionSource<byte[]> ours = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (waiting.TrySetResult((answer, ours)))
                return await ours.Task.WaitAsync(_end.Token);
        }
        _swap = mine;
        if (await Task.WhenAny(mine.Task, Task.Delay(SwapPatience, _end.Token)) == mine.Task || !mine.TrySetCanceled())
        {
            (byte[] theirs, TaskCompletionSource<byte[]> give) = await mine.Task;
            give.SetResult(answer);
            return theirs;
        }
        return answer;
    }

    private static byte[] Altered(byte[] answer, string[] methods, ProxyFault fault)
    {
        JsonNode body = JsonNode.Parse(answer)!;
        if (fault == ProxyFault.Shuffled)
            return body is JsonArray batch ? Encoding.UTF8.GetBytes(new JsonArray([.. batch.Reverse().Select(element => element!.DeepClone())]).ToJsonString()) : answer;
        JsonNode[] answers = body is JsonArray elements ? [.. elements.OrderBy(element => (long)element!["id"]!).Select(element => element!)] : [body];
        for (int i = 0; i < methods.Length; i++)
        {
            if (fault == ProxyFault.NullReceipts && methods[i] == "eth_getTransactionReceipt")
                answers[i]["result"] = null;
            if (fault == ProxyFault.OtherChainId && methods[i] == "eth_chainId")
                answers[i]["result"] = "0x539";
        }
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private async Task TrickleAsync(NetworkStream stream, byte[] answer)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {1 << 20}\r\n\r\n"), _end.Token);
        for (int i = 0; i < 1 << 20; i++)
        {
            await stream.WriteAsync(i < answer.Length ? answer.AsMemory(i, 1) : " "u8.ToArray(), _end.Token);
            if (i == 1)
                Trickling?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(20), _end.Token);
        }
    }

    private async Task WriteAsync(NetworkStream stream, byte[] body, string status) =>
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body], _end.Token);

    // A request's body; null where the client has closed.
    private async Task<byte[]?> ReadRequestAsync(NetworkStream stream, List<byte> buffered)
    {
        byte[] chunk = new byte[16 << 10];
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. buffered]);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                string line = text[..head].Split("\r\n").First(header => header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
                int length = int.Parse(line["Content-Length:".Length..], null);
                if (buffered.Count >= head + 4 + length)
                {
                    byte[] body = [.. buffered.GetRange(head + 4, length)];
                    buffered.RemoveRange(0, head + 4 + length);
                    return body;
                }
            }
            int read = await stream.ReadAsync(chunk, _end.Token);
            if (read == 0)
                return null;
            buffered.AddRange(chunk.AsSpan(0, read));
        }
    }
}
