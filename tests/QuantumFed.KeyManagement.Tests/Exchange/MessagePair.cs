using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>The two ends of a connection over TLS on this machine.</summary>
internal sealed class MessagePair(MessageConnection dialled, MessageConnection accepted) : IAsyncDisposable
{
    public MessageConnection Dialled => dialled;

    public MessageConnection Accepted => accepted;

    public static async Task<MessagePair> NewAsync()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using MessageListener listener = await MessageListener.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), Consortium.Coordinator, [KeyExchange.Protocol], NullLoggerFactory.Instance, TimeProvider.System, token);
        MessageConnection dialled = await MessageConnection.DialAsync(
            "127.0.0.1", listener.EndPoint.Port, Consortium.Member, Consortium.CoordinatorName, KeyExchange.Protocol, TimeProvider.System, token);
        return new MessagePair(dialled, await listener.AcceptAsync(token));
    }

    public async ValueTask DisposeAsync()
    {
        await dialled.DisposeAsync();
        await accepted.DisposeAsync();
    }
}
