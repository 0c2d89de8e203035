using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace QuantumFed.Cli;

/// <summary>One event of a party's process, as it crosses from one process to another.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Level">How grave.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Message">It in words.</param>
/// <param name="Fields">Its typed fields as texts (invariant culture).</param>
internal sealed record NodeEvent(
    DateTimeOffset Time, LogLevel Level, string Name, string Message, IReadOnlyDictionary<string, string> Fields)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    public string ToText()
    {
        string mark = Level >= LogLevel.Error ? "ERROR " : Level == LogLevel.Warning ? "warning: " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Time:HH:mm:ss.fff} {mark}{OneLine(Message)}");
    }

    /// <summary>
    /// The text without control characters. What another party said may stand in a message: it must not draw lines of its own, nor speak to the terminal.
    /// </summary>
    public static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;

    public static bool TryParse(string line, [NotNullWhen(true)] out NodeEvent? entry)
    {
        entry = null;
        try
        {
            entry = line.StartsWith('{') ? JsonSerializer.Deserialize<NodeEvent>(line, Options) : null;
        }
        catch (JsonException)
        {
            // Not an event: something else printed a line.
        }
        return entry is { Fields: not null, Message: not null, Name: not null };
    }
}
