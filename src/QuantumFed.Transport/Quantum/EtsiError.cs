using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>The error data format (ETSI GS QKD 014): <c>{ "message": text, "details": any }</c>.</summary>
/// <param name="Message">The key manager's words.</param>
/// <param name="LinkAlarm">Whether the details, at any depth, have a member or a text <c>link_alarm</c> (a member that is false or null does not count).</param>
internal sealed record EtsiError(string Message, bool LinkAlarm)
{
    private const string Alarm = "link_alarm", UnknownKey = "one or more keys specified are not found on KME";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>What a status code other than 200 means, with the error that came with it, if one did.</summary>
    public static LinkFailure FailureOf(HttpStatusCode status, EtsiError? error) => status switch
    {
        HttpStatusCode.Unauthorized => LinkFailure.NotGranted,
        HttpStatusCode.BadRequest when error is not null && error.Message.Contains(UnknownKey, StringComparison.OrdinalIgnoreCase) => LinkFailure.UnknownKey,
        HttpStatusCode.ServiceUnavailable when error is not null => error.LinkAlarm ? LinkFailure.LinkAlarm : LinkFailure.NoneAvailable,
        _ => LinkFailure.Refused,
    };

    /// <summary>Reads an error; <see langword="false"/> if this is none.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out EtsiError? error)
    {
        error = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("message", out JsonElement message) || message.ValueKind != JsonValueKind.String)
                return false;
            error = new EtsiError(message.GetString()!, root.TryGetProperty("details", out JsonElement details) && HasAlarm(details));
            return true;
        }
        // Text that is half a surrogate pair is reported as InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool HasAlarm(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.ValueEquals(Alarm),
        JsonValueKind.Array => element.EnumerateArray().Any(HasAlarm),
        JsonValueKind.Object => element.EnumerateObject().Any(member =>
            (member.NameEquals(Alarm) && member.Value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null)) || HasAlarm(member.Value)),
        _ => false,
    };
}
