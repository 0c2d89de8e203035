using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>Our client calls a grpc-js server: statuses, limits and metadata.</summary>
public sealed class GrpcJsServerStatusTests
{
    private const string Detail = "schlüssel fehlt: 鍵 🔑 100 %, %41\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("test.Echo", "Nothing")]
    [InlineData("quantumfed.v2.Coordinator", "Unary")]
    public async Task What_the_server_does_not_have_is_unimplemented(string service, string method)
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        GrpcException failure = await FailAsync(server, new(service, method, StringValue.Parser, StringValue.Parser), "");
        Assert.Equal(GrpcStatusCode.Unimplemented, failure.Status);
    }

    [Fact]
    public async Task A_failure_before_any_response_brings_its_status_message_and_metadata()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        RequireFailure(await FailAsync(server, Echo.Unary, "fail"));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("one two fail")]
    public async Task A_failure_of_a_stream_brings_its_status_message_and_metadata(string words)
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        List<string> received = [];
        RequireFailure(await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await foreach (StringValue text in channel.ServerStreamingAsync(Echo.Split, Echo.Text(words), cancellationToken: Token))
                received.Add(text.Value);
        }));
        Assert.Equal(words.Split(' ').Where(word => word != "fail"), received);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_reaches_the_caller()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        TaskCompletionSource never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<BytesValue> Requests()
        {
            yield return new BytesValue { Value = ByteString.CopyFrom(1) };
            await never.Task.WaitAsync(Token);
        }
        Task<Int64Value> call = channel.ClientStreamingAsync(Echo.Count, Requests(), cancellationToken: Token);
        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => call.WaitAsync(GrpcJs.Patience, Token));
        never.SetResult();
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "The round is closed."), (failure.Status, failure.Detail));
    }

    [Fact]
    public async Task A_handler_that_crashes_is_unknown()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        Assert.Equal(GrpcStatusCode.Unknown, (await FailAsync(server, Echo.Unary, "crash")).Status);
    }

    [Fact]
    public async Task A_request_over_the_servers_limit_exhausts_it()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await FailAsync(server, Echo.Unary, new string('x', 4 * 1024 * 1024))).Status);
    }

    [Fact]
    public async Task A_response_over_the_callers_limit_exhausts_the_caller()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        GrpcException failure = await FailAsync(server, Echo.Unary, "long");
        Assert.Equal((GrpcStatusCode.ResourceExhausted, "A message of 4194309 bytes exceeds the limit of 4194304."), (failure.Status, failure.Detail));
    }

    [Fact]
    public async Task A_server_that_compresses_does_not_compress_for_a_caller_that_never_said_it_can_read_it()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync("compressing");
        using GrpcChannel channel = server.Channel();
        string text = new('x', 10_000);
        Assert.Equal(": " + text, (await channel.UnaryAsync(Echo.Unary, Echo.Text(text), cancellationToken: Token)).Value);
    }

    [Fact]
    public async Task Metadata_reaches_the_server()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        GrpcMetadata sent = GrpcMetadata.Empty.With("a", "one").With("a", "two words")
            .WithBinary("key-bin", []).WithBinary("key-bin", [255]).WithBinary("key-bin", [255, 254]).WithBinary("key-bin", [255, 254, 0]).WithBinary("all-bin", [1, 2, 3, 4]);
        StringValue answer = await channel.UnaryAsync(Echo.Unary, Echo.Text("metadata"), new GrpcCallOptions { Metadata = sent }, Token);
        using JsonDocument seen = JsonDocument.Parse(answer.Value);
        // HttpClient joins repeated texts by commas, which gRPC calls equivalent; grpc-js takes joined bytes apart, and joined texts as they are.
        Assert.Equal("""["","ff","fffe","fffe00"]""", seen.RootElement.GetProperty("key-bin").GetRawText());
        Assert.Equal("""["01020304"]""", seen.RootElement.GetProperty("all-bin").GetRawText());
        Assert.Equal("""["one, two words"]""", seen.RootElement.GetProperty("a").GetRawText());
    }

    [Fact]
    public async Task Trailers_alone_are_read_padded_or_not_and_a_message_that_is_no_encoding_does_no_harm()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync("raw");
        GrpcException failure = await FailAsync(server, Echo.Unary, "");
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "100% \ufffd %zz"), (failure.Status, failure.Detail));
        Assert.Equal(["00", "0001", "0001FE", "0001FEFF", "0001FEFF"], failure.Trailers.Entries
            .Where(entry => entry.Name == "evidence-bin").Select(entry => Convert.ToHexString(entry.Binary.Span)));
        Assert.True(failure.Trailers.TryGet("seen-type", out string? type) && type == "application/grpc");
    }

    [Fact]
    public void Cleartext_is_spoken_to_loopback_only() =>
        Assert.Throws<ArgumentException>(() => GrpcChannel.CreateLoopbackCleartextForInteropTests(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1)));

    private static void RequireFailure(GrpcException failure)
    {
        Assert.Equal((GrpcStatusCode.FailedPrecondition, Detail), (failure.Status, failure.Detail));
        Assert.True(failure.Trailers.TryGet("round", out string? round) && round == "7");
        Assert.True(failure.Trailers.TryGetBinary("evidence-bin", out ReadOnlyMemory<byte> evidence));
        Assert.Equal("0001FEFF", Convert.ToHexString(evidence.Span));
    }

    private static async Task<GrpcException> FailAsync(GrpcJs server, GrpcMethod<StringValue, StringValue> method, string text)
    {
        using GrpcChannel channel = server.Channel();
        return await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(method, Echo.Text(text), cancellationToken: Token));
    }
}
