using System.Net;
using System.Net.Http.Headers;

namespace QuantumFed.Ledger.Tests;

public sealed class RpcRepetitionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> PassingFaults => ["429", "500", "502", "503", "504", "truncated", "reset", "other", "html"];

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task What_only_reads_is_asked_again(string fault)
    {
        using ScriptedNode node = new((request, before) => before < 2 ? Faulty(fault) : ScriptedNode.Echo(request));
        using JsonRpcClient client = Client(node);
        Assert.Equal("eth_getCode", (await client.CallAsync("eth_getCode", [], Token)).GetString());
        Assert.Equal(3, node.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task What_may_act_is_sent_once(string fault)
    {
        using ScriptedNode node = new((_, _) => Faulty(fault));
        using JsonRpcClient client = Client(node);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => client.CallAsync("evm_mine", [], Token));
        Assert.Single(node.Requests);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task A_fault_that_stays_makes_the_ledger_unavailable(string fault)
    {
        using ScriptedNode node = new((_, _) => Faulty(fault));
        using JsonRpcClient client = Client(node);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => client.CallAsync("eth_chainId", [], Token));
        Assert.Equal(RpcBackoff.Attempts, node.Requests.Count);
    }

    [Fact]
    public async Task A_revert_is_not_asked_again()
    {
        using ScriptedNode node = new((request, _) => ScriptedNode.Json(
            $"{{\"id\":{request["id"]},\"error\":{{\"code\":3,\"message\":\"execution reverted\"}}}}", HttpStatusCode.InternalServerError));
        using JsonRpcClient client = Client(node);
        await Assert.ThrowsAsync<LedgerRejectedException>(() => client.CallAsync("eth_estimateGas", [], Token));
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task The_node_is_left_alone_as_long_as_it_asks_but_not_longer_than_is_reasonable()
    {
        TimeSpan asked = TimeSpan.FromSeconds(1);
        HeldTime time = new(asked);
        using ScriptedNode node = new((request, before) => before == 0 ? Busy(asked) : ScriptedNode.Echo(request));
        using JsonRpcClient client = Client(node, time);
        Task call = client.CallAsync("eth_chainId", [], Token);
        while (!time.Holds(asked))
        {
            Assert.False(call.IsCompleted, "It does not wait.");
            await Task.Yield();
        }
        Assert.Single(node.Requests);
        time.End(asked);
        await call;
        Assert.Equal(2, node.Requests.Count);

        using ScriptedNode asleep = new((_, _) => Busy(TimeSpan.FromHours(1)));
        using JsonRpcClient other = Client(asleep);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => other.CallAsync("eth_chainId", [], Token));
        Assert.Single(asleep.Requests);
    }

    private static HttpResponseMessage Busy(TimeSpan after)
    {
        HttpResponseMessage busy = new(HttpStatusCode.ServiceUnavailable);
        busy.Headers.RetryAfter = new RetryConditionHeaderValue(after);
        return busy;
    }

    private static HttpResponseMessage Faulty(string fault) => fault switch
    {
        "truncated" => ScriptedNode.Json("{\"jsonrpc\":\"2.0\",\"id\":1,\"resu"),
        "reset" => throw new HttpRequestException("Connection reset by peer."),
        "other" => ScriptedNode.Json("{\"id\":77,\"result\":\"0x1\"}"),
        "html" => ScriptedNode.Json("<html>busy</html>", HttpStatusCode.InternalServerError),
        _ => new HttpResponseMessage((HttpStatusCode)int.Parse(fault, null)),
    };

    private static JsonRpcClient Client(HttpMessageHandler node, TimeProvider? time = null) =>
        JsonRpcClient.Create(new Uri("http://node.invalid/"), time ?? TimeProvider.System, handler: node);
}
