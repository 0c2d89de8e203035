using System.Net;
using System.Net.Sockets;
using System.Text;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

/// <summary>What <c>qf ledger</c> prints of what a node, or its address, says.</summary>
public sealed class HostileNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_nodes_words_cannot_steer_the_terminal()
    {
        Requires.Launcher();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task serving = ServeAsync(listener, end.Token);
        QfResult result = (await StatusAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")).Ended(6);
        Assert.Contains("[2J", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Error);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task A_password_in_an_address_is_refused_and_not_repeated()
    {
        Requires.Launcher();
        QfResult result = (await StatusAsync("http://somebody:hush@127.0.0.1:1/")).Ended(2);
        Assert.Contains("without a name and password", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", result.Error, StringComparison.Ordinal);
    }

    private async Task<QfResult> StatusAsync(string rpc)
    {
        Requires.PostQuantum();
        var layout = new WorkspaceLayout(_folder.At("w"));
        _ = SmallWorkspace.Found(layout, 3);
        string agreement = new PartyFolder(layout.Coordinator).Agreement;
        return await QfRun.ToEndAsync(["ledger", "status", "--agreement", agreement, "--rpc", rpc]);
    }

    // The error's words hold what clears a screen.
    private static async Task ServeAsync(TcpListener listener, CancellationToken cancellation)
    {
        byte[] body = """{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"\u001b[2J"}}"""u8.ToArray();
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(cancellation);
            NetworkStream stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[65536], cancellation);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), cancellation);
            await stream.WriteAsync(body, cancellation);
        }
    }
}
