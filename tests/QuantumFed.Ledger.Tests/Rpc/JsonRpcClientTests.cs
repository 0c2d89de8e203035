using System.Net;
using System.Text;

namespace QuantumFed.Ledger.Tests;

public sealed class JsonRpcClientTests
{
    private static readonly Uri Endpoint = new("http://node.invalid/");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"id\":2,\"result\":\"0x1\"}")]
    [InlineData("{\"id\":\"1\",\"result\":\"0x1\"}")]
    [InlineData("{\"id\":1,\"result\":7}")]
    [InlineData("{\"id\":1,\"result\":null}")]
    [InlineData("{\"id\":1,\"result\":\"0x\"}")]
    [InlineData("{\"id\":1,\"result\":\"0xzz\"}")]
    [InlineData("{\"id\":1,\"result\":\"0x10000000000000000\"}")]
    [InlineData("<html>")]
    public async Task Nonsense_makes_the_ledger_unavailable(string answer)
    {
        using JsonRpcClient client = Client(answer);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => new EthereumNode(client).ChainIdAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_result_is_returned()
    {
        using JsonRpcClient client = Client("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x4f24\"}");
        Assert.Equal(20260UL, await new EthereumNode(client).ChainIdAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{{\"data\":{0}}}")]
    public async Task A_revert_is_named_however_the_node_wraps_it(string shape)
    {
        string data = $"\"{RpcJson.Data(RevertOf("ZeroReason()"))}\"";
        string wrapped = string.Format(null, shape, data);
        using JsonRpcClient client = Client("{\"id\":1,\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":" + wrapped + "}}");
        LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(
            () => new EthereumNode(client).ChainIdAsync(TestContext.Current.CancellationToken));
        Assert.Equal("ZeroReason", refusal.ErrorName);
        Assert.Equal(3, refusal.Code);
    }

    [Fact]
    public async Task An_error_that_is_no_revert_keeps_its_words()
    {
        using JsonRpcClient client = Client("{\"id\":null,\"error\":{\"code\":-32003,\"message\":\"nonce too low\"}}", HttpStatusCode.BadRequest);
        LedgerRejectedException refusal = await Assert.ThrowsAsync<LedgerRejectedException>(
            () => new EthereumNode(client).ChainIdAsync(TestContext.Current.CancellationToken));
        Assert.Null(refusal.ErrorName);
        Assert.Contains("nonce too low", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_never_answers_is_given_up_and_a_caller_may_give_up_first()
    {
        using JsonRpcClient client = JsonRpcClient.Create(Endpoint, TimeProvider.System, TimeSpan.FromMilliseconds(30), new Node(null, HttpStatusCode.OK));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => client.CallAsync("eth_chainId", [], TestContext.Current.CancellationToken));
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CallAsync("eth_chainId", [], cancelled.Token));
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_unavailable()
    {
        using JsonRpcClient client = JsonRpcClient.Create(new Uri("http://127.0.0.1:1/"), TimeProvider.System);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => client.CallAsync("eth_chainId", [], TestContext.Current.CancellationToken));
    }

    private static byte[] RevertOf(string signature) => Keccak256.HashData(Encoding.ASCII.GetBytes(signature))[..4];

    private static JsonRpcClient Client(string answer, HttpStatusCode status = HttpStatusCode.OK) =>
        JsonRpcClient.Create(Endpoint, TimeProvider.System, handler: new Node(answer, status));

    private sealed class Node(string? answer, HttpStatusCode status) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (answer is null)
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return new HttpResponseMessage(status) { Content = new StringContent(answer!) };
        }
    }
}
