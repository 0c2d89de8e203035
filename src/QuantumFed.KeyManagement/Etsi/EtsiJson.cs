using System.Text.Json;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>Reads what applications send; whatever is not as the standard has it is the applications' fault, and said in a sentence.</summary>
internal static class EtsiJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        // A name that is half a surrogate pair is reported as InvalidOperationException, by the search for names that repeat.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw EtsiRefusal.BadRequest("the body is not well-formed JSON, or is nested too deeply");
        }
    }

    public static JsonElement Object(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element : throw EtsiRefusal.BadRequest("the body shall be a JSON object");

    /// <summary>A list, empty where there is none.</summary>
    public static IReadOnlyList<JsonElement> Array(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement element))
            return [];
        return element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : throw EtsiRefusal.BadRequest($"{name} shall be an array");
    }

    /// <summary>A whole number, or null where there is none.</summary>
    public static long? Whole(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement element))
            return null;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value)
            ? value
            : throw EtsiRefusal.BadRequest($"{name} shall be a whole number");
    }

    public static MemberId Application(JsonElement element, string name) => TextOf(element) is { } text && MemberId.TryParse(text, out MemberId application)
        ? application
        : throw EtsiRefusal.BadRequest($"{name} has an entry that is no SAE's name");

    /// <summary>The ids that a slave asks for (key IDs data format).</summary>
    public static IReadOnlyList<QuantumKeyId> KeyIds(ReadOnlyMemory<byte> body, int most)
    {
        using JsonDocument document = Parse(body);
        IReadOnlyList<JsonElement> items = Array(Object(document.RootElement), "key_IDs");
        if (items.Count < 1 || items.Count > most)
            throw EtsiRefusal.BadRequest($"key_IDs shall name 1 to {most} keys");
        return RequireDistinct([.. items.Select(item => KeyId(
            item.ValueKind == JsonValueKind.Object && item.TryGetProperty("key_ID", out JsonElement id) ? TextOf(id) : null))]);
    }

    public static QuantumKeyId KeyId(string? text) =>
        QuantumKeyId.TryParse(text, out QuantumKeyId id) ? id : throw EtsiRefusal.BadRequest("key_ID shall be a UUID");

    private static QuantumKeyId[] RequireDistinct(QuantumKeyId[] ids) =>
        ids.Distinct().Count() == ids.Length ? ids : throw EtsiRefusal.BadRequest("key_IDs names a key twice");

    // Text that is half a surrogate pair is reported as InvalidOperationException.
    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
