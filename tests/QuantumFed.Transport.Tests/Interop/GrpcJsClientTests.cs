using System.Globalization;
using System.Net;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>grpc-js calls our server: every shape of a method, long streams, and the ends that either side may put to a call.</summary>
public sealed class GrpcJsClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unary_call_is_answered()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        JsonElement seen = await GrpcJs.CallAsync(server, "unary");
        Assert.Equal(": Grüße 鍵 🔑", seen.GetProperty("value").GetString());
        Assert.Equal(0, seen.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Streams_of_requests_of_responses_and_of_both_are_answered()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        JsonElement seen = await GrpcJs.CallAsync(server, "shapes");
        Assert.Equal("""{"joined":"a b c","split":["x","y","z"],"duplex":["FIRST","FIRST SECOND"]}""", seen.GetRawText());
    }

    [Fact]
    public async Task Empty_messages_and_empty_streams_are_messages_and_streams()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        JsonElement seen = await GrpcJs.CallAsync(server, "empty");
        Assert.Equal("""{"message":": ","nothing":"","stream":0,"code":0}""", seen.GetRawText());
    }

    [Fact]
    public async Task A_stream_of_64_MiB_arrives_whole()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(new InteropEcho().Services());
        JsonElement seen = await GrpcJs.CallAsync(server, "upload");
        string digest = InteropEcho.DigestOf(64, 1024 * 1024);
        Assert.Equal(digest, seen.GetProperty("digest").GetString());
        Assert.Equal(digest, seen.GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_stream_of_responses_arrives_whole()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(new InteropEcho().Services());
        JsonElement seen = await GrpcJs.CallAsync(server, "download");
        Assert.Equal(256, seen.GetProperty("messages").GetInt32());
        Assert.Equal(InteropEcho.DigestOf(256, InteropEcho.ChunkSizeInBytes), seen.GetProperty("digest").GetString());
        Assert.Equal(0, seen.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_caller_that_stops_reading_stops_the_handler_and_loses_nothing()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(new InteropEcho().Services());
        JsonElement seen = await GrpcJs.CallAsync(server, "backpressure");
        Assert.InRange(seen.GetProperty("value").GetInt32(), 1, 512); // of 1024, when nobody read
        Assert.Equal(1024, seen.GetProperty("messages").GetInt32());
        Assert.Equal(InteropEcho.DigestOf(1024, InteropEcho.ChunkSizeInBytes), seen.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Leaving_a_stream_of_responses_cancels_its_handler()
    {
        InteropEcho echo = new();
        await using GrpcServer server = await Echo.ServeCleartextAsync(echo.Services());
        JsonElement seen = await GrpcJs.CallAsync(server, "leave-stream");
        Assert.Equal(1, seen.GetProperty("code").GetInt32());
        await echo.Cancelled;
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_its_handler()
    {
        WaitingHandler waiting = new();
        await using GrpcServer server = await Echo.ServeCleartextAsync(waiting.Services());
        await using GrpcJs client = GrpcJs.Client(server, "cancel-unary");
        await waiting.Started;
        await client.TellAsync("go");
        Assert.Equal(1, (await client.ReadAsync()).GetProperty("code").GetInt32());
        await waiting.Cancelled;
    }

    [Fact]
    public async Task Cancelling_an_upload_cancels_its_handler_even_where_the_stream_seems_complete()
    {
        // Node closes a stream that it cancels: the handler reads a proper end of the requests, and only then comes the reset.
        UploadHandler upload = new();
        await using GrpcServer server = await Echo.ServeCleartextAsync(upload.Services());
        await using GrpcJs client = GrpcJs.Client(server, "cancel-upload");
        await upload.Begun;
        await client.TellAsync("go");
        Assert.Equal(1, (await client.ReadAsync()).GetProperty("code").GetInt32());
        await upload.Cancelled;
    }

    [Theory]
    [InlineData("reset-upload")]
    [InlineData("lost-upload")]
    public async Task An_upload_cut_off_within_a_message_cancels_its_handler_and_is_no_failure_of_the_server(string name)
    {
        UploadHandler upload = new();
        using CollectedLog log = new();
        await using (GrpcServer server = await Echo.ServeCleartextAsync(upload.Services(), log: log))
        {
            await using GrpcJs client = GrpcJs.Client(server, name);
            await upload.Begun;
            await client.TellAsync("go");
            await upload.Cancelled;
            await server.StopAsync(Token);
        }
        Assert.Empty(log.Texts(4001));
        Assert.Empty(log.Texts(4002));
        Assert.Single(log.Texts(4003));
    }

    [Fact]
    public async Task The_callers_deadline_ends_the_call_on_both_sides()
    {
        // The deadline runs from before there is a connection: on a busy machine the first may pass before the call gets here.
        for (int milliseconds = 250; ; milliseconds *= 4)
        {
            WaitingHandler waiting = new();
            await using GrpcServer server = await Echo.ServeCleartextAsync(waiting.Services());
            JsonElement seen = await GrpcJs.CallAsync(server, "own-deadline", milliseconds.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(4, seen.GetProperty("code").GetInt32());
            if (!waiting.HasStarted && milliseconds < 60_000)
                continue;
            Assert.NotNull((await waiting.Started).Deadline);
            await waiting.Cancelled;
            return;
        }
    }

    [Theory]
    [InlineData("long-deadline")]
    [InlineData("late-stream")]
    public async Task The_servers_own_clock_ends_a_call_whose_deadline_passed(string name)
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        WaitingHandler waiting = new();
        await using GrpcServer server = await Echo.ServeCleartextAsync(waiting.Services(), time);
        await using GrpcJs client = GrpcJs.Client(server, name);
        Assert.InRange((await waiting.Started).Deadline!.Value - time.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        time.Advance(TimeSpan.FromHours(1));
        JsonElement seen = await client.ReadAsync();
        Assert.Equal(4, seen.GetProperty("code").GetInt32());
        Assert.Equal("The deadline passed.", seen.GetProperty("details").GetString());
    }

    [Fact]
    public async Task Three_hundred_calls_at_once_are_all_answered()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        JsonElement seen = await GrpcJs.CallAsync(server, "concurrent");
        Assert.Equal("[0]", seen.GetProperty("codes").GetRawText());
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $": {i}"), seen.GetProperty("values").EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    public async Task A_stopping_server_ends_the_running_call_well_and_takes_no_other()
    {
        WaitingHandler waiting = new();
        await using GrpcServer server = await Echo.ServeCleartextAsync(waiting.Services());
        await using GrpcJs client = GrpcJs.Client(server, "call-after-drain");
        await waiting.Started;
        Task stopped = server.StopAsync(Token);
        await client.TellAsync("go");
        waiting.Release();
        JsonElement seen = await client.ReadAsync();
        Assert.Equal("last", seen.GetProperty("running").GetProperty("value").GetProperty("value").GetString());
        Assert.Equal(14, seen.GetProperty("refused").GetProperty("code").GetInt32());
        await stopped;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_may_not_wait_tells_its_callers_to_try_again(bool dispose)
    {
        WaitingHandler waiting = new();
        GrpcServerOptions options = new() { EndPoint = new(IPAddress.Loopback, 0), ShutdownTimeout = TimeSpan.Zero };
        await using GrpcServer server = await GrpcServer.StartLoopbackCleartextForInteropTestsAsync(waiting.Services(), options, cancellationToken: Token);
        await using GrpcJs client = GrpcJs.Client(server, "running-call");
        await waiting.Started;
        await (dispose ? server.DisposeAsync().AsTask() : server.StopAsync(Token));
        JsonElement seen = await client.ReadAsync();
        Assert.Equal((14, "The server is stopping."), (seen.GetProperty("code").GetInt32(), seen.GetProperty("details").GetString()));
        await waiting.Cancelled;
    }
}
