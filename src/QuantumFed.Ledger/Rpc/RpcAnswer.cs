using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>A node's answer to one call of a batch: a result or an error.</summary>
public sealed class RpcAnswer
{
    private readonly JsonElement _result;

    private RpcAnswer(JsonElement result, LedgerRejectedException? error) => (_result, Error) = (result, error);

    /// <summary>The node's refusal; null if there is a result.</summary>
    public LedgerRejectedException? Error { get; }

    /// <summary>The result; <see cref="JsonValueKind.Null"/> where the node has none.</summary>
    /// <exception cref="LedgerRejectedException">The node answered with an error.</exception>
    public JsonElement Result => Error is null ? _result : throw Error;

    /// <exception cref="JsonException">The element is no answer.</exception>
    internal static RpcAnswer Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException("An answer is an object.");
        if (element.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
            return new RpcAnswer(default, ReadError(error));
        return element.TryGetProperty("result", out JsonElement result)
            ? new RpcAnswer(result.Clone(), null)
            : throw new JsonException("An answer has a result or an error.");
    }

    private static LedgerRejectedException ReadError(JsonElement error)
    {
        string message = error.TryGetProperty("message", out JsonElement text) ? text.ToString() : "";
        int code = error.TryGetProperty("code", out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt32(out int value) ? value : 0;
        byte[] data = [];
        // Geth, Besu and anvil put the revert's data there as hex; Hardhat wraps it once more.
        if (error.TryGetProperty("data", out JsonElement raw))
        {
            if (raw.ValueKind == JsonValueKind.Object && raw.TryGetProperty("data", out JsonElement inner))
                raw = inner;
            _ = RpcJson.TryReadBytes(raw, out data);
        }
        return LedgerRejectedException.FromNode(code, message, data);
    }
}
