using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;

namespace QuantumFed.Transport.Tests;

/// <summary>A server whose machine vanished without a word.</summary>
public sealed class KeepAliveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_fell_silent_is_noticed()
    {
        Requires.PostQuantum();
        // A busy machine may hold up the answer to a ping for longer than the first time.
        for (int seconds = 1; !await IsNoticedAsync(TimeSpan.FromSeconds(seconds)); seconds *= 2)
            Assert.InRange(seconds, 1, 32);
    }

    // False if the call failed before the wire was cut.
    private static async Task<bool> IsNoticedAsync(TimeSpan patience)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        GrpcServiceMap services = new GrpcServiceMap().MapUnary(Echo.Unary, async (request, call) =>
        {
            TaskCompletionSource never = new(TaskCreationOptions.RunContinuationsAsynchronously);
            started.SetResult();
            await never.Task.WaitAsync(call.CancellationToken);
            return request;
        });
        await using GrpcServer server = await Echo.ServeAsync(services);
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task relay = RelayAsync(listener, server.EndPoint, cut.Token);
        GrpcChannelOptions options = new() { KeepAliveDelay = TimeSpan.FromSeconds(1), KeepAliveTimeout = patience };
        bool reached;
        using (GrpcChannel channel = GrpcChannel.Create(Echo.Address((IPEndPoint)listener.LocalEndpoint), Consortium.Member, Consortium.CoordinatorName, options))
        {
            Task<StringValue> call = channel.UnaryAsync(Echo.Unary, Echo.Text(""), cancellationToken: Token);
            reached = await Task.WhenAny(started.Task, call) == started.Task;
            await cut.CancelAsync(); // from here on the wire swallows everything, and stays open
            Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<GrpcException>(() => call)).Status);
        }
        await relay;
        return reached;
    }

    private static async Task RelayAsync(TcpListener listener, IPEndPoint server, CancellationToken cut)
    {
        using TcpClient near = await listener.AcceptTcpClientAsync(Token);
        using TcpClient far = new();
        await far.ConnectAsync(server, Token);
        await Task.WhenAll(PumpAsync(near.GetStream(), far.GetStream(), cut), PumpAsync(far.GetStream(), near.GetStream(), cut));
        // Silent, but not closed: this ends when the client has given up.
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await near.GetStream().ReadAsync(buffer, Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is a way of giving up too.
        }
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, CancellationToken cut)
    {
        try
        {
            await from.CopyToAsync(to, cut);
        }
        catch (OperationCanceledException)
        {
            // Cut, as asked.
        }
    }
}
