using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>Calls of all four kinds over the real channel, and the ways they end.</summary>
public sealed class CallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_four_kinds_of_calls_round_trip()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        Assert.Equal("hospital-1: Grüße", (await channel.UnaryAsync(Echo.Unary, Echo.Text("Grüße"), cancellationToken: Token)).Value);
        Assert.Equal("a b c", (await channel.ClientStreamingAsync(Echo.Join, Texts("a", "b", "c"), cancellationToken: Token)).Value);
        Assert.Equal(["x", "y"], await channel.ServerStreamingAsync(Echo.Split, Echo.Text("x y"), cancellationToken: Token).Select(text => text.Value).ToListAsync(Token));
        Assert.Equal(["A", "B"], await channel.DuplexAsync(Echo.Duplex, Texts("a", "b"), cancellationToken: Token).Select(text => text.Value).ToListAsync(Token));
    }

    [Fact]
    public async Task Empty_messages_and_empty_streams_are_messages_and_streams()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        Assert.Equal("", (await channel.ClientStreamingAsync(Echo.Join, Texts(), cancellationToken: Token)).Value);
        Assert.Equal("", (await channel.ClientStreamingAsync(Echo.Join, Texts(""), cancellationToken: Token)).Value);
        Assert.Empty(await channel.ServerStreamingAsync(Echo.Split, Echo.Text(""), cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_duplex_call_answers_each_request_before_the_next_is_made()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        TaskCompletionSource<string> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<StringValue> Requests()
        {
            yield return Echo.Text("first");
            yield return Echo.Text(await answered.Task + " second");
        }
        List<string> answers = [];
        await foreach (StringValue answer in channel.DuplexAsync(Echo.Duplex, Requests(), cancellationToken: Token))
        {
            answers.Add(answer.Value);
            answered.TrySetResult(answer.Value);
        }
        Assert.Equal(["FIRST", "FIRST SECOND"], answers);
    }

    [Fact]
    public async Task A_stream_of_64_MiB_arrives_whole()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        BytesValue chunk = new() { Value = ByteString.CopyFrom(new byte[1024 * 1024]) };
        Int64Value count = await channel.ClientStreamingAsync(Echo.Count, Enumerable.Repeat(chunk, 64).ToAsyncEnumerable(), cancellationToken: Token);
        Assert.Equal(64L * 1024 * 1024, count.Value);
    }

    [Fact]
    public async Task A_message_as_long_as_the_limit_passes_and_a_longer_one_is_refused()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        int overhead = Echo.Text(new string('x', 4_000_000)).CalculateSize() - 4_000_000;
        int limit = 4 * 1024 * 1024;
        Assert.Equal(limit - overhead, (await channel.ClientStreamingAsync(Echo.Count, One(limit - overhead), cancellationToken: Token)).Value);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.ClientStreamingAsync(Echo.Count, One(limit - overhead + 1), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status);

        static IAsyncEnumerable<BytesValue> One(int length) => new[] { new BytesValue { Value = ByteString.CopyFrom(new byte[length]) } }.ToAsyncEnumerable();
    }

    [Fact]
    public async Task A_response_longer_than_the_callers_limit_is_refused()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server, options: new GrpcChannelOptions { MaxMessageSizeInBytes = 100 });
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(new string('x', 101)), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Method("Nothing"), Echo.Text(""), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unimplemented, refused.Status);
    }

    [Theory]
    [InlineData("schlüssel fehlt: 鍵 🔑 100 %")]
    [InlineData("tab\tand\nline")]
    [InlineData("")]
    public async Task A_handlers_status_message_and_metadata_reach_the_caller(string detail)
    {
        Requires.PostQuantum();
        GrpcMetadata trailers = GrpcMetadata.Empty.With("round", "7").WithBinary("evidence-bin", [0, 1, 254, 255]);
        GrpcServiceMap services = new GrpcServiceMap()
            .MapUnary(Echo.Unary, (_, _) => throw new GrpcException(GrpcStatusCode.FailedPrecondition, detail, trailers))
            .MapServerStreaming(Echo.Split, (_, _) => FailAfterOne());
        async IAsyncEnumerable<StringValue> FailAfterOne()
        {
            yield return Echo.Text("one");
            await Task.CompletedTask;
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, detail, trailers);
        }
        await using GrpcServer server = await Echo.ServeAsync(services);
        using GrpcChannel channel = Echo.Channel(server);
        List<string> received = [];
        Func<Task>[] calls =
        [
            () => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token),
            async () =>
            {
                await foreach (StringValue text in channel.ServerStreamingAsync(Echo.Split, Echo.Text(""), cancellationToken: Token))
                    received.Add(text.Value);
            },
        ];
        foreach (Func<Task> call in calls)
        {
            GrpcException failure = await Assert.ThrowsAsync<GrpcException>(call);
            Assert.Equal(GrpcStatusCode.FailedPrecondition, failure.Status);
            Assert.Equal(detail, failure.Detail);
            Assert.True(failure.Trailers.TryGet("round", out string? round) && round == "7");
            Assert.True(failure.Trailers.TryGetBinary("evidence-bin", out ReadOnlyMemory<byte> evidence) && evidence.Span.SequenceEqual(new byte[] { 0, 1, 254, 255 }));
        }
        Assert.Equal(["one"], received);
    }

    [Fact]
    public async Task A_handlers_unforeseen_failure_is_logged_and_not_told()
    {
        Requires.PostQuantum();
        CollectedLog log = new();
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, (_, _) => throw new InvalidOperationException("the database's password is hunter2"));
        await using GrpcServer server = await Echo.ServeAsync(services, log: log);
        using GrpcChannel channel = Echo.Channel(server);
        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unknown, failure.Status);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(log.Texts(4001));
    }

    [Fact]
    public async Task Metadata_reaches_the_handler()
    {
        Requires.PostQuantum();
        GrpcMetadata seen = GrpcMetadata.Empty;
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, (request, call) =>
        {
            seen = call.RequestMetadata;
            return Task.FromResult(request);
        });
        await using GrpcServer server = await Echo.ServeAsync(services);
        using GrpcChannel channel = Echo.Channel(server);
        GrpcMetadata sent = GrpcMetadata.Empty.With("a", "1").WithBinary("key-bin", [1]).WithBinary("key-bin", [2, 3]).WithBinary("key-bin", []).With("a", "2");
        await channel.UnaryAsync(Echo.Unary, Echo.Text(""), new GrpcCallOptions { Metadata = sent }, Token);
        Assert.Equal(["01", "0203", ""], seen.Entries.Where(entry => entry.Name == "key-bin").Select(entry => Convert.ToHexString(entry.Binary.Span)));
        Assert.All(seen.Entries, entry => Assert.True(entry.Name is "a" or "key-bin", entry.Name));
    }

    [Fact]
    public async Task The_callers_deadline_ends_the_call_on_both_sides()
    {
        Requires.PostQuantum();
        ManualTime time = new(TimeProvider.System.GetUtcNow());
        Waiting waiting = new();
        await using GrpcServer server = await Echo.ServeAsync(waiting.Services());
        using GrpcChannel channel = Echo.Channel(server, time: time);
        DateTimeOffset deadline = time.GetUtcNow() + TimeSpan.FromHours(1);
        Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text(""), new GrpcCallOptions { Deadline = deadline }, Token);
        GrpcCall seen = await waiting.Started;
        Assert.InRange(seen.Deadline!.Value - deadline, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<GrpcException>(() => call)).Status);
        await waiting.Cancelled;
    }

    [Fact]
    public async Task The_servers_own_clock_ends_a_call_whose_deadline_passed()
    {
        Requires.PostQuantum();
        ManualTime time = new(TimeProvider.System.GetUtcNow());
        Waiting waiting = new();
        await using GrpcServer server = await Echo.ServeAsync(waiting.Services(), time: time);
        using GrpcChannel channel = Echo.Channel(server);
        Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text(""), new GrpcCallOptions { Deadline = time.GetUtcNow() + TimeSpan.FromHours(1) }, Token);
        await waiting.Started;
        time.Advance(TimeSpan.FromHours(2));
        await waiting.Cancelled;
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<GrpcException>(() => call)).Status);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_reaches_no_server()
    {
        Requires.PostQuantum();
        using GrpcChannel channel = GrpcChannel.Create(new Uri("https://127.0.0.1:1"), Consortium.Member, Consortium.CoordinatorName);
        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(Echo.Unary, Echo.Text(""), new GrpcCallOptions { Deadline = DateTimeOffset.UnixEpoch }, Token));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_its_handler()
    {
        Requires.PostQuantum();
        Waiting waiting = new();
        await using GrpcServer server = await Echo.ServeAsync(waiting.Services());
        using GrpcChannel channel = Echo.Channel(server);
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: cancel.Token);
        await waiting.Started;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await waiting.Cancelled;
    }

    [Fact]
    public async Task Leaving_a_stream_of_responses_cancels_its_handler()
    {
        Requires.PostQuantum();
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<StringValue> Endless(GrpcCall call)
        {
            try
            {
                while (true)
                {
                    yield return Echo.Text(new string('x', 100_000));
                    await Task.Yield();
                    call.CancellationToken.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                ended.SetResult();
            }
        }
        await using GrpcServer server = await Echo.ServeAsync(new GrpcServiceMap().MapServerStreaming(Echo.Split, (_, call) => Endless(call)));
        using GrpcChannel channel = Echo.Channel(server);
        await foreach (StringValue _ in channel.ServerStreamingAsync(Echo.Split, Echo.Text(""), cancellationToken: Token))
            break;
        await ended.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_reaches_the_caller()
    {
        Requires.PostQuantum();
        GrpcServiceMap services = new GrpcServiceMap().MapClientStreaming(Echo.Count, async (requests, call) =>
        {
            await foreach (BytesValue _ in requests.WithCancellation(call.CancellationToken))
                throw new GrpcException(GrpcStatusCode.FailedPrecondition, "The round is closed.");
            return new Int64Value();
        });
        await using GrpcServer server = await Echo.ServeAsync(services);
        using GrpcChannel channel = Echo.Channel(server);
        BytesValue chunk = new() { Value = ByteString.CopyFrom(new byte[1024 * 1024]) };
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(
            () => channel.ClientStreamingAsync(Echo.Count, Enumerable.Repeat(chunk, 100_000).ToAsyncEnumerable(), cancellationToken: Token));
        Assert.Equal("The round is closed.", refused.Detail);
        Assert.Equal(GrpcStatusCode.FailedPrecondition, refused.Status);
    }

    [Fact]
    public async Task The_callers_own_failure_comes_through_unchanged()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        async IAsyncEnumerable<StringValue> Failing()
        {
            yield return Echo.Text("one");
            await Task.CompletedTask;
            throw new InvalidDataException("the outbox is damaged");
        }
        InvalidDataException own = await Assert.ThrowsAsync<InvalidDataException>(() => channel.ClientStreamingAsync(Echo.Join, Failing(), cancellationToken: Token));
        Assert.Equal("the outbox is damaged", own.Message);
    }

    [Fact]
    public async Task An_absent_server_is_unavailable_and_a_returning_one_is_found()
    {
        Requires.PostQuantum();
        GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        await channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token);
        await server.StopAsync(Token);
        await server.DisposeAsync();
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token))).Status);
        await using GrpcServer again = await GrpcServer.StartAsync(
            Consortium.Coordinator, Echo.Services(), new GrpcServerOptions { EndPoint = server.EndPoint }, cancellationToken: Token);
        await channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token);
    }

    [Fact]
    public async Task A_stopping_server_lets_a_running_call_end()
    {
        Requires.PostQuantum();
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, async (request, _) =>
        {
            started.SetResult();
            await release.Task;
            return request;
        });
        await using GrpcServer server = await Echo.ServeAsync(services);
        using GrpcChannel channel = Echo.Channel(server);
        Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text("last"), cancellationToken: Token);
        await started.Task;
        Task stopped = server.StopAsync(Token);
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        Assert.Equal("last", (await call).Value);
        await stopped;
    }

    [Fact]
    public async Task A_hundred_calls_at_once_share_a_connection()
    {
        Requires.PostQuantum();
        await using GrpcServer server = await Echo.ServeAsync();
        using GrpcChannel channel = Echo.Channel(server);
        StringValue[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => channel.UnaryAsync(Echo.Unary, Echo.Text($"{i}"), cancellationToken: Token)));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"hospital-1: {i}"), answers.Select(answer => answer.Value));
    }

    private static IAsyncEnumerable<StringValue> Texts(params string[] values) => values.Select(Echo.Text).ToAsyncEnumerable();

    /// <summary>A handler that waits for its cancellation.</summary>
    private sealed class Waiting
    {
        private readonly TaskCompletionSource<GrpcCall> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<GrpcCall> Started => _started.Task.WaitAsync(Token);

        public Task Cancelled => _cancelled.Task.WaitAsync(Token);

        public GrpcServiceMap Services() => new GrpcServiceMap().MapUnary(Echo.Unary, async (request, call) =>
        {
            call.CancellationToken.Register(_cancelled.SetResult);
            _started.SetResult(call);
            await _cancelled.Task;
            call.CancellationToken.ThrowIfCancellationRequested();
            return request;
        });
    }
}
