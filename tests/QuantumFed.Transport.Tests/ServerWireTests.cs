using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace QuantumFed.Transport.Tests;

/// <summary>What a server answers to bytes that no honest client of ours would send, over the cleartext listener.</summary>
public sealed class ServerWireTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "image/jpeg", "trailers")]
    [InlineData("POST", "application/grpc+json", "trailers")]
    [InlineData("POST", "application/grpc", null)]
    [InlineData("GET", "application/grpc", "trailers")]
    public async Task A_request_that_is_not_gRPC_is_answered_with_415(string method, string contentType, string? te)
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        using HttpResponseMessage response = await SendAsync(server, Frame(Echo.Text("x")), contentType: contentType, method: method, te: te);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    // Which of them come before the caller knows depends on who runs first, so that this server has its orders from the beginning.
    [Fact]
    public async Task A_call_that_comes_while_the_server_stops_is_unavailable_and_reaches_no_handler()
    {
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, (_, _) => throw new InvalidOperationException("called"));
        GrpcRequestHandler handler = new(services, 1000, TimeProvider.System, NullLogger.Instance, draining: new CancellationToken(canceled: true), stopping: default);
        DefaultHttpContext context = new();
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = Echo.Unary.Path;
        context.Request.ContentType = "application/grpc";
        context.Request.Headers.TE = "trailers";
        await handler.HandleAsync(context);
        Assert.Equal(("14", "The server is stopping."), (context.Response.Headers["grpc-status"].ToString(), context.Response.Headers["grpc-message"].ToString()));
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task Both_names_of_the_format_are_taken(string contentType)
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        Assert.Equal("0", await StatusAsync(server, Frame(Echo.Text("x")), contentType: contentType));
    }

    [Fact]
    public async Task An_error_before_any_message_is_a_single_block_of_headers()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        using HttpResponseMessage response = await SendAsync(server, Frame(Echo.Text("x")), path: "/test.Echo/Nothing");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("12", Assert.Single(response.Headers.GetValues("grpc-status")));
        await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Empty(response.TrailingHeaders);
    }

    [Fact]
    public async Task Success_has_its_status_in_the_trailers()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        using HttpResponseMessage response = await SendAsync(server, Frame(Echo.Text("x")));
        Assert.False(response.Headers.Contains("grpc-status"));
        Assert.Equal(Frame(Echo.Text(": x")), await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    [Theory]
    [InlineData("", "12")] // no request
    [InlineData("00000000000000000000", "12")] // two empty requests
    [InlineData("0000000000", "0")] // one empty request
    [InlineData("0100000000", "13")] // compressed without an encoding
    [InlineData("0200000000", "13")] // unknown flag
    [InlineData("00000000", "13")] // cut short in the prefix
    [InlineData("000000000501", "13")] // cut short in the message
    [InlineData("0000000001ff", "13")] // no protobuf
    [InlineData("00ffffffff", "8")] // 4 GiB announced
    [InlineData("0000400001", "8")] // one byte over 4 MiB announced
    public async Task Broken_framing_ends_the_call_with_its_status(string body, string status)
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        Assert.Equal(status, await StatusAsync(server, Convert.FromHexString(body)));
    }

    [Fact]
    public async Task Messages_do_not_care_where_frames_end()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        byte[] body = [.. Frame(Echo.Text("one")), .. Frame(Echo.Text("")), .. Frame(Echo.Text("three"))];
        using HttpResponseMessage response = await SendAsync(server, body, path: Echo.Join.Path, bytewise: true);
        Assert.Equal(Frame(Echo.Text("one  three")), await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("grpc-encoding", "gzip", "12")]
    [InlineData("grpc-encoding", "identity", "0")]
    [InlineData("grpc-timeout", "123456789S", "13")]
    [InlineData("grpc-timeout", "5", "13")]
    [InlineData("grpc-timeout", "-5S", "13")]
    [InlineData("grpc-timeout", "5s", "13")]
    [InlineData("grpc-timeout", "99999999H", "0")]
    [InlineData("grpc-timeout", "0n", "4")]
    [InlineData("key-bin", "!!!!", "13")]
    [InlineData("key-bin", "AAE", "0")]
    [InlineData("key-bin", "AAE=", "0")]
    public async Task Headers_are_held_to_their_grammar(string name, string value, string status)
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync();
        Assert.Equal(status, await StatusAsync(server, Frame(Echo.Text("x")), header: (name, value)));
    }

    [Fact]
    public async Task Binary_metadata_is_read_padded_unpadded_and_joined()
    {
        GrpcMetadata seen = GrpcMetadata.Empty;
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, (request, call) =>
        {
            seen = call.RequestMetadata;
            Assert.Null(call.Peer);
            return Task.FromResult(request);
        });
        await using GrpcServer server = await Echo.ServeCleartextAsync(services);
        Assert.Equal("0", await StatusAsync(server, Frame(Echo.Text("x")), header: ("key-bin", "AQ,AgM=, BAUG")));
        Assert.Equal(["01", "0203", "040506"], seen.Entries.Select(entry => Convert.ToHexString(entry.Binary.Span)));
    }

    [Fact]
    public async Task Cleartext_is_served_on_loopback_only() =>
        await Assert.ThrowsAsync<ArgumentException>(() => GrpcServer.StartLoopbackCleartextForInteropTestsAsync(
            Echo.Services(), new GrpcServerOptions { EndPoint = new IPEndPoint(IPAddress.Any, 0) }, cancellationToken: Token));

    private static byte[] Frame(IMessage message)
    {
        byte[] body = message.ToByteArray();
        return [0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private static async Task<string> StatusAsync(GrpcServer server, byte[] body, string contentType = "application/grpc", (string Name, string Value)? header = null)
    {
        using HttpResponseMessage response = await SendAsync(server, body, contentType: contentType, header: header);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsByteArrayAsync(Token);
        return Assert.Single((response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders).GetValues("grpc-status"));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        GrpcServer server,
        byte[] body,
        string? path = null,
        string contentType = "application/grpc",
        string method = "POST",
        string? te = "trailers",
        (string Name, string Value)? header = null,
        bool bytewise = false)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(new HttpMethod(method), $"http://127.0.0.1:{server.EndPoint.Port}{path ?? Echo.Unary.Path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = bytewise ? new BytewiseContent(body) : new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (te is not null)
            request.Headers.TE.ParseAdd(te);
        if (header is { } extra)
            Assert.True(request.Headers.TryAddWithoutValidation(extra.Name, extra.Value));
        // The whole response is buffered before this returns, so the client may go.
        return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, Token);
    }

    private sealed class BytewiseContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                await stream.WriteAsync(bytes.AsMemory(i, 1), Token);
                await stream.FlushAsync(Token);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
