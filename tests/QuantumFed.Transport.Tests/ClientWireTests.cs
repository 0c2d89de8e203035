using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace QuantumFed.Transport.Tests;

/// <summary>What a channel makes of answers that no server of ours would give.</summary>
public sealed class ClientWireTests
{
    private const string OneMessage = "00000000030a0178";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, GrpcStatusCode.Internal)]
    [InlineData(401, GrpcStatusCode.Unauthenticated)]
    [InlineData(403, GrpcStatusCode.PermissionDenied)]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(409, GrpcStatusCode.Unknown)]
    [InlineData(415, GrpcStatusCode.Unknown)]
    [InlineData(418, GrpcStatusCode.Unknown)]
    [InlineData(429, GrpcStatusCode.Unavailable)]
    [InlineData(500, GrpcStatusCode.Unknown)]
    [InlineData(502, GrpcStatusCode.Unavailable)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(504, GrpcStatusCode.Unavailable)]
    public async Task An_HTTP_error_stands_for_the_status_the_standard_gives_it(int http, GrpcStatusCode status) =>
        Assert.Equal(status, (await FailAsync(_ => new HttpResponseMessage((HttpStatusCode)http))).Status);

    [Theory]
    [InlineData(7, GrpcStatusCode.Unavailable)]
    [InlineData(8, GrpcStatusCode.Cancelled)]
    [InlineData(11, GrpcStatusCode.ResourceExhausted)]
    [InlineData(12, GrpcStatusCode.PermissionDenied)]
    [InlineData(2, GrpcStatusCode.Internal)]
    [InlineData(1, GrpcStatusCode.Internal)]
    public async Task A_reset_stands_for_the_status_the_standard_gives_it(int code, GrpcStatusCode status)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using WebApplication server = builder.Build();
        server.Run(async context =>
        {
            if (context.Request.Path.Value == Echo.Split.Path)
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.BodyWriter.WriteAsync(Convert.FromHexString(OneMessage), Token);
            }
            context.Features.Get<IHttpResetFeature>()!.Reset(code);
        });
        await server.StartAsync(Token);
        using GrpcChannel channel = new(new Uri(server.Urls.Single()), new SocketsHttpHandler(), new GrpcChannelOptions(), TimeProvider.System);
        GrpcException atOnce = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text("x"), cancellationToken: Token));
        Assert.True(status == atOnce.Status, atOnce.ToString());
        GrpcException later = await Assert.ThrowsAsync<GrpcException>(
            async () => await channel.ServerStreamingAsync(Echo.Split, Echo.Text("x"), cancellationToken: Token).ToListAsync(Token));
        Assert.True(status == later.Status, later.ToString());
    }

    [Fact]
    public async Task A_lost_connection_is_unavailable() =>
        Assert.Equal(GrpcStatusCode.Unavailable, (await FailAsync(_ => throw new HttpRequestException("lost", new SocketException()))).Status);

    [Theory]
    [InlineData("", null, "0", GrpcStatusCode.Unimplemented)] // OK without a response
    [InlineData(OneMessage + OneMessage, null, "0", GrpcStatusCode.Unimplemented)] // OK with two
    [InlineData(OneMessage, null, null, GrpcStatusCode.Unknown)] // no status at all
    [InlineData("", null, null, GrpcStatusCode.Unknown)]
    [InlineData("", "9", null, GrpcStatusCode.FailedPrecondition)] // trailers only
    [InlineData("", "8", "9", GrpcStatusCode.FailedPrecondition)] // trailers count before headers
    [InlineData(OneMessage, "9", null, GrpcStatusCode.Internal)] // a body, so these headers are no trailers
    [InlineData("", "99", null, GrpcStatusCode.Unknown)]
    [InlineData("", "-1", null, GrpcStatusCode.Unknown)]
    [InlineData("", "nine", null, GrpcStatusCode.Unknown)]
    [InlineData("0100000000", null, "0", GrpcStatusCode.Internal)] // compressed without an encoding
    [InlineData("00000000", null, "0", GrpcStatusCode.Internal)] // cut short
    [InlineData("00ffffffff", null, "0", GrpcStatusCode.ResourceExhausted)] // 4 GiB announced
    public async Task A_broken_answer_is_a_failure_with_the_right_status(string body, string? headerStatus, string? trailerStatus, GrpcStatusCode status) =>
        Assert.Equal(status, (await FailAsync(_ => Answer(body, headerStatus, trailerStatus))).Status);

    [Theory]
    [InlineData("image/jpeg", GrpcStatusCode.Unknown)]
    [InlineData("application/grpc+json", GrpcStatusCode.Internal)]
    public async Task Another_content_type_is_a_failure(string type, GrpcStatusCode status) =>
        Assert.Equal(status, (await FailAsync(_ => Answer(OneMessage, null, "0", type))).Status);

    [Fact]
    public async Task Compressed_responses_are_a_failure() =>
        Assert.Equal(GrpcStatusCode.Internal, (await FailAsync(_ =>
        {
            HttpResponseMessage answer = Answer(OneMessage, null, "0");
            answer.Headers.Add("grpc-encoding", "gzip");
            return answer;
        })).Status);

    [Theory]
    [InlineData("100%25%20%C3%A9", "100% é")]
    [InlineData("50% off %G1 %", "50% off %G1 %")]
    [InlineData("%FF%FE", "\ufffd\ufffd")]
    public async Task A_status_message_is_decoded_and_never_fails(string encoded, string detail) =>
        Assert.Equal(detail, (await FailAsync(_ =>
        {
            HttpResponseMessage answer = Answer("", "5", null);
            answer.Headers.TryAddWithoutValidation("grpc-message", encoded);
            return answer;
        })).Detail);

    [Fact]
    public async Task A_call_is_a_POST_of_gRPC_with_trailers_and_unpadded_metadata()
    {
        HttpRequestMessage? sent = null;
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        await FailAsync(
            request =>
            {
                sent = request;
                Assert.Equal(HttpMethod.Post, request.Method);
                Assert.Equal(HttpVersion.Version20, request.Version);
                Assert.Equal("/test.Echo/Unary", request.RequestUri!.PathAndQuery);
                Assert.Equal("trailers", request.Headers.TE.ToString());
                Assert.Equal("application/grpc", request.Content!.Headers.ContentType!.ToString());
                Assert.Equal("AQ", Assert.Single(request.Headers.GetValues("key-bin")));
                Assert.Equal("90000000u", Assert.Single(request.Headers.GetValues("grpc-timeout")));
                return Answer("", "5", null);
            },
            new GrpcCallOptions { Deadline = time.GetUtcNow() + TimeSpan.FromSeconds(90), Metadata = GrpcMetadata.Empty.WithBinary("key-bin", [1]) },
            time);
        Assert.NotNull(sent);
    }

    [Theory]
    [InlineData(1L, "100n")]
    [InlineData(999_999L, "99999900n")]
    [InlineData(1_000_000L, "100000u")]
    [InlineData(1_000_001L, "100001u")]
    [InlineData(TimeSpan.TicksPerHour, "3600000m")]
    [InlineData(TimeSpan.TicksPerDay * 100, "8640000S")]
    [InlineData(TimeSpan.TicksPerDay * 10_000, "14400000M")]
    [InlineData(TimeSpan.TicksPerDay * 1_000_000, "24000000H")]
    public void A_timeout_is_written_in_at_most_8_digits_never_short(long ticks, string text)
    {
        Assert.Equal(text, GrpcTimeout.Format(new TimeSpan(ticks)));
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan read));
        Assert.True(read >= new TimeSpan(ticks));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("grpc-status")]
    [InlineData("content-type")]
    [InlineData("a b")]
    [InlineData("key-bin")]
    public void Names_of_texts_are_held_to_their_grammar(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => GrpcMetadata.Empty.With(name, "x"));

    [Fact]
    public void Texts_are_printable_ASCII_and_bytes_have_names_of_their_own()
    {
        Assert.Throws<ArgumentException>(() => GrpcMetadata.Empty.With("name", "ü"));
        Assert.Throws<ArgumentException>(() => GrpcMetadata.Empty.With("name", "a\r\nb: c"));
        Assert.Throws<ArgumentException>(() => GrpcMetadata.Empty.WithBinary("name", [1]));
    }

    private static async Task<GrpcException> FailAsync(Func<HttpRequestMessage, HttpResponseMessage> answer, GrpcCallOptions? options = null, TimeProvider? time = null)
    {
        using GrpcChannel channel = new(new Uri("https://127.0.0.1:1"), new Answering(answer), new GrpcChannelOptions(), time ?? TimeProvider.System);
        return await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Unary, Echo.Text("x"), options, Token));
    }

    private static HttpResponseMessage Answer(string body, string? headerStatus, string? trailerStatus, string type = "application/grpc")
    {
        HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = new ByteArrayContent(Convert.FromHexString(body)) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (headerStatus is not null)
            answer.Headers.Add("grpc-status", headerStatus);
        if (trailerStatus is not null)
            answer.TrailingHeaders.Add("grpc-status", trailerStatus);
        return answer;
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
