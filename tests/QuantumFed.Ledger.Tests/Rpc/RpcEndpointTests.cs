using System.Net;

namespace QuantumFed.Ledger.Tests;

public sealed class RpcEndpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-rpc-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("http://127.0.0.1:8545/", true)]
    [InlineData("http://[::1]:8545/", true)]
    [InlineData("http://localhost:8545/", true)]
    [InlineData("https://node.example/", true)]
    [InlineData("http://node.example/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://localhost.example/", false)]
    public void A_token_crosses_no_network_unencrypted(string address, bool allowed)
    {
        Exception? refusal = Record.Exception(() => RpcEndpoint.Create(new Uri(address), tokenFile: "token"));
        Assert.Equal(allowed, refusal is null);
        if (!allowed)
            Assert.Contains("unencrypted", Assert.IsType<ArgumentException>(refusal).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://node.example/")]
    [InlineData("https://name:password@node.example/")]
    public void Other_addresses_are_refused_without_their_secrets(string address) => Assert.DoesNotContain(
        "password@", Assert.Throws<ArgumentException>(() => RpcEndpoint.Create(new Uri(address))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_renewed_token_is_read_when_the_old_one_is_refused()
    {
        string file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, "old.token\n", Token);
        using ScriptedNode node = new((request, before) => before switch
        {
            0 => ScriptedNode.Echo(request),
            1 => Refusal(() => File.WriteAllText(file, "new.token")),
            _ => ScriptedNode.Echo(request),
        });
        using JsonRpcClient client = JsonRpcClient.Create(RpcEndpoint.Create(new Uri("http://127.0.0.1/"), tokenFile: file), TimeProvider.System, handler: node);
        await client.CallAsync("eth_chainId", [], Token);
        await client.CallAsync("eth_chainId", [], Token);
        await client.CallAsync("eth_chainId", [], Token);
        Assert.Equal(["Bearer old.token", "Bearer old.token", "Bearer new.token", "Bearer new.token"], node.Requests.Select(request => request.Token));
    }

    [Theory]
    [InlineData("secret.token", "refuses the token of")]
    [InlineData("secret token", "does not hold a token")]
    [InlineData("secret\r\nHost: elsewhere", "does not hold a token")]
    [InlineData("", "does not hold a token")]
    [InlineData(null, "cannot be read")]
    public async Task A_token_that_cannot_be_used_is_said_and_not_shown(string? token, string expected)
    {
        string file = Path.Combine(_folder, "token");
        if (token is not null)
            await File.WriteAllTextAsync(file, token, Token);
        using ScriptedNode node = new((_, _) => Refusal(() => { }));
        using JsonRpcClient client = JsonRpcClient.Create(
            RpcEndpoint.Create(new Uri("http://127.0.0.1/hidden?key=hidden"), tokenFile: file), TimeProvider.System, handler: node);
        LedgerUnavailableException failure = await Assert.ThrowsAsync<LedgerUnavailableException>(() => client.CallAsync("eth_chainId", [], Token));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    private static HttpResponseMessage Refusal(Action before)
    {
        before();
        return new HttpResponseMessage(HttpStatusCode.Unauthorized);
    }
}
