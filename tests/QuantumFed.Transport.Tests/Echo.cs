using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace QuantumFed.Transport.Tests;

/// <summary>A service of all four kinds of methods, and servers for it.</summary>
internal static class Echo
{
    public static readonly GrpcMethod<StringValue, StringValue> Unary = Method("Unary");
    public static readonly GrpcMethod<StringValue, StringValue> Join = Method("Join");
    public static readonly GrpcMethod<StringValue, StringValue> Split = Method("Split");
    public static readonly GrpcMethod<StringValue, StringValue> Duplex = Method("Duplex");
    public static readonly GrpcMethod<BytesValue, Int64Value> Count = new("test.Echo", "Count", BytesValue.Parser, Int64Value.Parser);

    public static GrpcMethod<StringValue, StringValue> Method(string name) => new("test.Echo", name, StringValue.Parser, StringValue.Parser);

    public static StringValue Text(string value) => new() { Value = value };

    public static GrpcServiceMap Services() => new GrpcServiceMap()
        .MapUnary(Unary, (request, call) => Task.FromResult(Text($"{call.Peer}: {request.Value}")))
        .MapClientStreaming(Join, async (requests, _) => Text(string.Join(' ', await requests.Select(request => request.Value).ToListAsync())))
        .MapServerStreaming(Split, (request, _) => request.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Text).ToAsyncEnumerable())
        .MapDuplex(Duplex, (requests, _) => requests.Select(request => Text(request.Value.ToUpperInvariant())))
        .MapClientStreaming(Count, async (requests, _) => new Int64Value { Value = await requests.Select(request => (long)request.Value.Length).SumAsync() });

    public static Task<GrpcServer> ServeAsync(
        GrpcServiceMap? services = null, NodeIdentity? identity = null, ILoggerFactory? log = null, TimeProvider? time = null, int? maxMessageSizeInBytes = null) =>
        GrpcServer.StartAsync(identity ?? Consortium.Coordinator, services ?? Services(), Options(maxMessageSizeInBytes), log, time, TestContext.Current.CancellationToken);

    public static Task<GrpcServer> ServeCleartextAsync(
        GrpcServiceMap? services = null, TimeProvider? time = null, int? maxMessageSizeInBytes = null, ILoggerFactory? log = null) =>
        GrpcServer.StartLoopbackCleartextForInteropTestsAsync(services ?? Services(), Options(maxMessageSizeInBytes), log, time, TestContext.Current.CancellationToken);

    public static GrpcChannel Channel(GrpcServer server, NodeIdentity? identity = null, TimeProvider? time = null, GrpcChannelOptions? options = null) =>
        GrpcChannel.Create(Address(server.EndPoint), identity ?? Consortium.Member, Consortium.CoordinatorName, options, time);

    public static Uri Address(IPEndPoint endPoint) => new($"https://127.0.0.1:{endPoint.Port}");

    // The limit is left as it is unless a test names another: it is the server's own that strangers meet.
    private static GrpcServerOptions Options(int? maxMessageSizeInBytes)
    {
        GrpcServerOptions usual = new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };
        return maxMessageSizeInBytes is not { } size ? usual : new() { EndPoint = usual.EndPoint, MaxMessageSizeInBytes = size };
    }
}
