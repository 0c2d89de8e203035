using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger.Tests;

/// <summary>A node that gives every call the same recorded answer, under the call's own id.</summary>
internal sealed class RecordedNode(JsonElement answer) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        JsonNode call = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        JsonObject response = JsonObject.Create(answer)!;
        response["id"] = call["id"]!.DeepClone();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(response.ToJsonString()) };
    }
}
