using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantumFed.Ledger;

/// <summary>The request of some calls, and the reading of its answers, which may come in any order: each call's by its id.</summary>
internal sealed class RpcBatch(IReadOnlyList<RpcCall> calls, long firstId)
{
    private readonly bool _isSingle = calls.Count == 1;

    /// <summary>The method in messages.</summary>
    public string Name { get; } = string.Join(", ", calls.Select(call => call.Method).Distinct().Take(3));

    public bool IsSafeToRepeat { get; } = calls.All(call => call.IsSafeToRepeat);

    /// <summary>The request. One call goes alone: a node may refuse batches.</summary>
    public byte[] ToBytes()
    {
        JsonNode[] requests = [.. calls.Select((call, i) => (JsonNode)new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = firstId + i, ["method"] = call.Method, ["params"] = call.Parameters,
        })];
        return JsonSerializer.SerializeToUtf8Bytes(_isSingle ? requests[0] : new JsonArray(requests));
    }

    /// <summary>The answers in the calls' order.</summary>
    /// <exception cref="JsonException">This is not one answer to each call.</exception>
    /// <exception cref="RpcFault">The node refused the batch as a whole.</exception>
    public RpcAnswer[] Read(byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object)
            return ReadOne(root);
        if (_isSingle || root.ValueKind != JsonValueKind.Array)
            throw new JsonException("An object was expected.");
        RpcAnswer?[] answers = new RpcAnswer?[calls.Count];
        foreach (JsonElement element in root.EnumerateArray())
        {
            RpcAnswer answer = RpcAnswer.Read(element);
            int index = element.TryGetProperty("id", out JsonElement id) ? IndexOf(id) : -1;
            if (index < 0 || answers[index] is not null)
                throw new JsonException(index < 0 ? "It answers a call that was not made." : "It answers a call twice.");
            answers[index] = answer;
        }
        return answers.Contains(null) ? throw new JsonException("A call has no answer.") : [.. answers.OfType<RpcAnswer>()];
    }

    private RpcAnswer[] ReadOne(JsonElement root)
    {
        RpcAnswer answer = RpcAnswer.Read(root);
        bool named = root.TryGetProperty("id", out JsonElement id) && id.ValueKind != JsonValueKind.Null;
        // A node that could not read the request has no id to name.
        if (_isSingle && (named ? IndexOf(id) == 0 : answer.Error is not null))
            return [answer];
        throw !_isSingle && !named && answer.Error is { } refusal
            ? new RpcFault($"The ledger's node refused a batch: {refusal.Message}", refusal, isPassing: false)
            : new JsonException("It answers another call.");
    }

    private int IndexOf(JsonElement id) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out long value) && value >= firstId && value < firstId + calls.Count ? (int)(value - firstId) : -1;
}
