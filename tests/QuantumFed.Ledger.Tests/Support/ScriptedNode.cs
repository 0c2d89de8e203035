using System.Net;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger.Tests;

/// <summary>A node that answers each request by what a test says, and keeps what it was asked.</summary>
internal sealed class ScriptedNode(Func<JsonNode, int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly List<(JsonNode Body, string? Token)> _requests = [];

    public IReadOnlyList<(JsonNode Body, string? Token)> Requests => _requests;

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(json) };

    /// <summary>The answer to one call or to a batch: each call's method as its result.</summary>
    public static HttpResponseMessage Echo(JsonNode request) => Json((request is JsonArray calls ? new JsonArray([.. calls.Select(EchoOf)]) : EchoOf(request)).ToJsonString());

    public static JsonNode EchoOf(JsonNode? call) => new JsonObject { ["jsonrpc"] = "2.0", ["id"] = call!["id"]!.DeepClone(), ["result"] = call["method"]!.DeepClone() };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        JsonNode body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        int before;
        lock (_requests)
        {
            before = _requests.Count;
            _requests.Add((body, request.Headers.Authorization?.ToString()));
        }
        return answer(body, before);
    }
}
