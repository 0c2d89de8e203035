using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>Our client calls a grpc-js server: every shape of a method, long streams, and the ends that either side may put to a call.</summary>
public sealed class GrpcJsServerTests
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_four_kinds_of_calls_round_trip()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        Assert.Equal(": Grüße 鍵 🔑", (await channel.UnaryAsync(Echo.Unary, Echo.Text("Grüße 鍵 🔑"), cancellationToken: Token)).Value);
        Assert.Equal("a b c", (await channel.ClientStreamingAsync(Echo.Join, Texts("a", "b", "c"), cancellationToken: Token)).Value);
        Assert.Equal(["x", "y"], await channel.ServerStreamingAsync(Echo.Split, Echo.Text("x y"), cancellationToken: Token).Select(text => text.Value).ToListAsync(Token));
        Assert.Equal(["A", "B"], await channel.DuplexAsync(Echo.Duplex, Texts("a", "b"), cancellationToken: Token).Select(text => text.Value).ToListAsync(Token));
    }

    [Fact]
    public async Task Empty_messages_and_empty_streams_are_messages_and_streams()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        Assert.Equal(": ", (await channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token)).Value);
        Assert.Equal("", (await channel.ClientStreamingAsync(Echo.Join, Texts(), cancellationToken: Token)).Value);
        Assert.Equal("", (await channel.ClientStreamingAsync(Echo.Join, Texts(""), cancellationToken: Token)).Value);
        Assert.Empty(await channel.ServerStreamingAsync(Echo.Split, Echo.Text(""), cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task A_stream_of_64_MiB_arrives_whole()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        IAsyncEnumerable<BytesValue> chunks = Enumerable.Range(0, 64).Select(i => Bytes(InteropEcho.Chunk(i, MiB))).ToAsyncEnumerable();
        BytesValue digest = await channel.ClientStreamingAsync(InteropEcho.Digest, chunks, cancellationToken: Token);
        Assert.Equal(InteropEcho.DigestOf(64, MiB), Convert.ToHexStringLower(digest.Value.Span));
    }

    [Fact]
    public async Task A_caller_that_stops_reading_stops_the_server_and_loses_nothing()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        await using IAsyncEnumerator<BytesValue> responses =
            channel.ServerStreamingAsync(InteropEcho.Produce, new Int64Value { Value = 1024 }, cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await responses.MoveNextAsync());
        long produced = 0;
        for (int quiet = 0; quiet < 20; quiet++)
        {
            long now = (await channel.UnaryAsync(InteropEcho.Produced, new Int64Value(), cancellationToken: Token)).Value;
            if (now != produced)
                quiet = 0;
            produced = now;
        }
        Assert.InRange(produced, 1, 512); // of 1024, when nobody read
        int received = 0;
        do
            Assert.Equal(InteropEcho.Chunk(received++, InteropEcho.ChunkSizeInBytes), responses.Current.Value.Span);
        while (await responses.MoveNextAsync());
        Assert.Equal(1024, received);
    }

    [Fact]
    public async Task Leaving_a_stream_of_responses_cancels_its_handler()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        await foreach (BytesValue _ in channel.ServerStreamingAsync(InteropEcho.Produce, new Int64Value { Value = 1_000_000_000 }, cancellationToken: Token))
            break;
        Assert.Equal("cancelled", await EventAsync(server));
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_its_handler()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text("wait"), cancellationToken: cancel.Token);
        Assert.Equal("started", await EventAsync(server));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("cancelled", await EventAsync(server));
    }

    [Fact]
    public async Task Cancelling_an_upload_cancels_its_handler()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        async IAsyncEnumerable<BytesValue> Requests()
        {
            yield return Bytes(new byte[1000]);
            Assert.Equal("started", await EventAsync(server));
            await cancel.CancelAsync();
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.ClientStreamingAsync(Echo.Count, Requests(), cancellationToken: cancel.Token));
        Assert.Equal("cancelled", await EventAsync(server));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_callers_deadline_ends_the_call_on_both_sides(bool stream)
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        ManualTime time = new(TimeProvider.System.GetUtcNow());
        using GrpcChannel channel = server.Channel(time: time);
        DateTimeOffset deadline = time.GetUtcNow() + TimeSpan.FromHours(1);
        GrpcCallOptions options = new() { Deadline = deadline };
        Task call = stream
            ? channel.ServerStreamingAsync(Echo.Split, Echo.Text("wait"), options, Token).ToListAsync(Token).AsTask()
            : channel.UnaryAsync(Echo.Unary, Echo.Text("wait"), options, Token);
        JsonElement started = await server.ReadAsync();
        Assert.InRange(started.GetProperty("deadline").GetInt64() - deadline.ToUnixTimeMilliseconds(), -1000, 60_000);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<GrpcException>(() => call)).Status);
        Assert.Equal("cancelled", await EventAsync(server));
    }

    [Fact]
    public async Task The_servers_own_clock_ends_a_call_whose_deadline_passed()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        ManualTime time = new(TimeProvider.System.GetUtcNow()); // which stands still here and runs there
        using GrpcChannel channel = server.Channel(time: time);
        GrpcCallOptions options = new() { Deadline = time.GetUtcNow() + TimeSpan.FromMilliseconds(100) };
        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text("wait"), options, Token));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task Three_hundred_calls_at_once_are_all_answered()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        StringValue[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => channel.UnaryAsync(Echo.Unary, Echo.Text($"{i}"), cancellationToken: Token)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $": {i}"), answers.Select(answer => answer.Value));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("end")]
    public async Task A_call_whose_server_goes_away_fails_so_that_it_is_tried_again(string how)
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text("wait"), cancellationToken: Token);
        Assert.Equal("started", await EventAsync(server));
        await server.TellAsync(how);
        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => call);
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        failure = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
    }

    [Fact]
    public async Task A_stopping_server_lets_a_running_call_end()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<StringValue> Requests()
        {
            yield return Echo.Text("first");
            await release.Task;
            yield return Echo.Text("last");
        }
        List<string> answers = [];
        await foreach (StringValue answer in channel.DuplexAsync(Echo.Duplex, Requests(), cancellationToken: Token))
        {
            answers.Add(answer.Value);
            if (answers.Count == 1)
                await server.TellAsync("drain");
            release.TrySetResult();
        }
        Assert.Equal(["FIRST", "LAST"], answers);
        Assert.Equal("drained", await EventAsync(server));
    }

    private static async Task<string?> EventAsync(GrpcJs server) => (await server.ReadAsync()).GetProperty("event").GetString();

    private static BytesValue Bytes(byte[] bytes) => new() { Value = ByteString.CopyFrom(bytes) };

    private static IAsyncEnumerable<StringValue> Texts(params string[] values) => values.Select(Echo.Text).ToAsyncEnumerable();
}
