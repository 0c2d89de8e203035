using System.Text.Json.Nodes;

namespace QuantumFed.Ledger.Tests;

public sealed class RpcBatchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_in_any_order_are_matched_by_id()
    {
        using ScriptedNode node = new((request, _) => ScriptedNode.Json(new JsonArray([.. request.AsArray().Reverse().Select(ScriptedNode.EchoOf)]).ToJsonString()));
        using JsonRpcClient client = Client(node);
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync([new("eth_getA", []), new("eth_getB", []), new("eth_getC", [])], Token);
        Assert.Equal(["eth_getA", "eth_getB", "eth_getC"], answers.Select(answer => answer.Result.GetString()));
    }

    [Fact]
    public async Task An_error_of_one_call_leaves_the_others_their_results()
    {
        using ScriptedNode node = new((request, _) =>
        {
            JsonArray answers = new([.. request.AsArray().Select(ScriptedNode.EchoOf)]);
            answers[1] = new JsonObject { ["id"] = request[1]!["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = -32000, ["message"] = "not this" } };
            return ScriptedNode.Json(answers.ToJsonString());
        });
        using JsonRpcClient client = Client(node);
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync([new("eth_getA", []), new("eth_getB", []), new("eth_getC", [])], Token);
        Assert.Equal("eth_getA", answers[0].Result.GetString());
        Assert.Contains("not this", answers[1].Error!.Message, StringComparison.Ordinal);
        Assert.Throws<LedgerRejectedException>(() => answers[1].Result);
        Assert.Equal("eth_getC", answers[2].Result.GetString());
    }

    [Fact]
    public async Task Many_calls_go_in_several_requests()
    {
        using ScriptedNode node = new((request, _) => ScriptedNode.Echo(request));
        using JsonRpcClient client = Client(node);
        IReadOnlyList<RpcAnswer> answers = await client.CallBatchAsync([.. Enumerable.Range(0, 201).Select(i => new RpcCall($"eth_get{i}", []))], Token);
        Assert.Equal(Enumerable.Range(0, 201).Select(i => $"eth_get{i}"), answers.Select(answer => answer.Result.GetString()));
        Assert.Equal([100, 100, 1], node.Requests.Select(request => request.Body is JsonArray calls ? calls.Count : 1));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("twice")]
    [InlineData("foreign")]
    [InlineData("nameless")]
    [InlineData("object")]
    [InlineData("refused")]
    public async Task Anything_but_one_answer_to_each_call_is_an_error(string damage)
    {
        using ScriptedNode node = new((request, _) => ScriptedNode.Json(Damage([.. request.AsArray().Select(ScriptedNode.EchoOf)], damage)));
        using JsonRpcClient client = Client(node);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => client.CallBatchAsync([new("eth_getA", []), new("eth_getB", [])], Token));
    }

    private static string Damage(JsonArray answers, string damage)
    {
        switch (damage)
        {
            case "missing":
                answers.RemoveAt(0);
                break;
            case "twice":
                answers.Add(answers[0]!.DeepClone());
                break;
            case "foreign":
                answers[0]!["id"] = 99;
                break;
            case "nameless":
                answers[0]!.AsObject().Remove("id");
                break;
            case "object":
                return answers[0]!.ToJsonString();
            default:
                return "{\"id\":null,\"error\":{\"code\":-32600,\"message\":\"no batches\"}}";
        }
        return answers.ToJsonString();
    }

    private static JsonRpcClient Client(HttpMessageHandler node) => JsonRpcClient.Create(new Uri("http://node.invalid/"), TimeProvider.System, handler: node);
}
