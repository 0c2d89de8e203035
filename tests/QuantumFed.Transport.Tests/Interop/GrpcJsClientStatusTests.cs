using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>grpc-js calls our server: statuses, limits and metadata.</summary>
public sealed class GrpcJsClientStatusTests
{
    private const string Detail = "schlüssel fehlt: 鍵 🔑 100 %, %41\n";

    private static readonly GrpcMetadata Trailers = GrpcMetadata.Empty.With("round", "7").WithBinary("evidence-bin", [0, 1, 254, 255]).WithBinary("evidence-bin", [7]);

    [Theory]
    [InlineData("unknown-method")]
    [InlineData("unknown-service")]
    public async Task What_the_server_does_not_have_is_unimplemented(string name)
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        await RequireAsync(server, name, 12, "The server has no such method.");
    }

    [Theory]
    [InlineData("no-request", "The method takes one request and got none.")]
    [InlineData("two-requests", "The method takes one request and got more.")]
    public async Task A_method_called_by_another_shape_is_unimplemented(string name, string detail)
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        await RequireAsync(server, name, 12, detail);
    }

    [Fact]
    public async Task A_compressed_request_is_unimplemented()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        await RequireAsync(server, "compressed", 12, "The server takes no compressed messages.");
    }

    [Fact]
    public async Task A_request_of_4_MiB_passes()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        JsonElement seen = await GrpcJs.CallAsync(server, "longest-request");
        Assert.Equal(0, seen.GetProperty("code").GetInt32());
        Assert.Equal(4 * 1024 * 1024 - 5, seen.GetProperty("value").GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task A_request_over_4_MiB_exhausts_the_server()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        await RequireAsync(server, "oversized-request", 8, "A message of 4194305 bytes exceeds the limit of 4194304.");
    }

    [Fact]
    public async Task A_response_over_the_callers_limit_exhausts_the_caller()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        JsonElement seen = await GrpcJs.CallAsync(server, "oversized-response");
        Assert.Equal(8, seen.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_failure_before_any_response_is_trailers_alone()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(Failing());
        JsonElement seen = await RequireAsync(server, "failing-unary", 9, Detail);
        Assert.False(seen.GetProperty("headers").GetBoolean());
        Assert.Equal("""{"round":["7"],"evidence-bin":["0001feff","07"]}""", Custom(seen.GetProperty("trailers")));
    }

    [Fact]
    public async Task A_failure_after_a_response_is_in_the_trailers()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(Failing());
        JsonElement seen = await RequireAsync(server, "failing-stream", 9, Detail);
        Assert.True(seen.GetProperty("headers").GetBoolean());
        Assert.Equal("""["one"]""", seen.GetProperty("values").GetRawText());
        Assert.Equal("""{"round":["7"],"evidence-bin":["0001feff","07"]}""", Custom(seen.GetProperty("trailers")));
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_reaches_the_caller()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(Failing());
        JsonElement seen = await RequireAsync(server, "failing-upload", 9, Detail);
        Assert.InRange(seen.GetProperty("value").GetInt32(), 1, 4095); // of 4096 chunks
    }

    [Fact]
    public async Task A_handlers_unforeseen_failure_is_not_told()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(
            new GrpcServiceMap().MapUnary(Echo.Unary, (_, _) => throw new InvalidOperationException("the password is hunter2")));
        JsonElement seen = await RequireAsync(server, "failing-unary", 2, "The handler failed.");
        Assert.DoesNotContain("hunter2", seen.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_reaches_the_handler_and_nothing_else_is_taken_for_it()
    {
        GrpcMetadata seen = GrpcMetadata.Empty;
        await using GrpcServer server = await Echo.ServeCleartextAsync(Seeing(metadata => seen = metadata));
        await RequireAsync(server, "metadata", 0, "");
        Assert.Equal(["one", "two words, and a comma"], Texts("a"));
        Assert.Equal([""], Texts("empty"));
        Assert.Equal(["", "FF", "FFFE", "FFFE00", "FFFE0001"], Bytes(seen, "key-bin"));
        Assert.Equal([Convert.ToHexString([.. Enumerable.Range(0, 256).Select(i => (byte)i)])], Bytes(seen, "all-bin"));
        Assert.Equal(["a", "all-bin", "empty", "key-bin"], seen.Entries.Select(entry => entry.Name).Distinct().Order(StringComparer.Ordinal));

        string[] Texts(string name) => [.. seen.Entries.Where(entry => entry.Name == name).Select(entry => entry.Text)];
    }

    [Fact]
    public async Task Base64_without_padding_is_read_too()
    {
        GrpcMetadata seen = GrpcMetadata.Empty;
        await using GrpcServer server = await Echo.ServeCleartextAsync(Seeing(metadata => seen = metadata));
        await RequireAsync(server, "unpadded-metadata", 0, "");
        Assert.Equal(["", "01", "0102", "010203", "01020304"], Bytes(seen, "key-bin"));
    }

    [Fact]
    public async Task A_binary_entry_that_is_not_base64_breaks_the_protocol()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        await RequireAsync(server, "broken-metadata", 13, "The value of a '-bin' entry is not base64.");
    }

    private static async Task<JsonElement> RequireAsync(GrpcServer server, string name, int code, string detail)
    {
        JsonElement seen = await GrpcJs.CallAsync(server, name);
        Assert.Equal((code, detail), (seen.GetProperty("code").GetInt32(), seen.GetProperty("details").GetString()));
        return seen;
    }

    private static GrpcServiceMap Failing() => new GrpcServiceMap()
        .MapUnary(Echo.Unary, (_, _) => throw new GrpcException(GrpcStatusCode.FailedPrecondition, Detail, Trailers))
        .MapServerStreaming(Echo.Split, (_, _) => FailAfterOne())
        .MapClientStreaming(Echo.Count, async (requests, call) =>
        {
            await foreach (BytesValue _ in requests.WithCancellation(call.CancellationToken))
                throw new GrpcException(GrpcStatusCode.FailedPrecondition, Detail, Trailers);
            return new Int64Value();
        });

    private static async IAsyncEnumerable<StringValue> FailAfterOne()
    {
        yield return Echo.Text("one");
        await Task.CompletedTask;
        throw new GrpcException(GrpcStatusCode.FailedPrecondition, Detail, Trailers);
    }

    private static GrpcServiceMap Seeing(Action<GrpcMetadata> see) => new GrpcServiceMap().MapUnary(Echo.Unary, (request, call) =>
    {
        see(call.RequestMetadata);
        return Task.FromResult(request);
    });

    private static string[] Bytes(GrpcMetadata metadata, string name) =>
        [.. metadata.Entries.Where(entry => entry.Name == name).Select(entry => Convert.ToHexString(entry.Binary.Span))];

    /// <summary>Trailers without HTTP's own.</summary>
    private static string Custom(JsonElement trailers) =>
        JsonSerializer.Serialize(trailers.EnumerateObject().Where(entry => entry.Name is not ("content-type" or "date" or "content-length")).ToDictionary(entry => entry.Name, entry => entry.Value));
}
