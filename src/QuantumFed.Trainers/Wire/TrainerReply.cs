using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QuantumFed.Trainers;

/// <summary>The header of a trainer's answer: an update or an error.</summary>
internal sealed class TrainerReply
{
    private const int MaxMetrics = 64;
    private const int MaxMetricNameLength = 64;
    private const int MaxMessageLength = 500;

    private TrainerReply(string? error, int rows, IReadOnlyDictionary<string, double> metrics)
    {
        Error = error;
        Rows = rows;
        Metrics = metrics;
    }

    /// <summary>What the trainer says went wrong; null for an update.</summary>
    public string? Error { get; }

    public int Rows { get; }

    public IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>Reads the header of the answer to request <paramref name="number"/>.</summary>
    /// <exception cref="FrameFaultException">It is none.</exception>
    public static TrainerReply Parse(ReadOnlyMemory<byte> header, long number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement, number);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text that is not Unicode.
            string where = e is JsonException { BytePositionInLine: { } at } ? $" (at byte {at.ToString(CultureInfo.InvariantCulture)})" : "";
            string shown = ErrorLines.Clean(Encoding.UTF8.GetString(header.Span[..Math.Min(header.Length, 400)]), 80);
            throw Fault($"answered with a header that is not JSON{where}: '{shown}'. NaN and Infinity are not JSON either.");
        }
    }

    private static TrainerReply Read(JsonElement root, long number)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Fault("answered with a header that is not a JSON object.");
        if (Text(root, "protocol") is var protocol && protocol != TrainerFrame.Protocol)
            throw Fault($"answered with the protocol {Shown(protocol)}: '{TrainerFrame.Protocol}' is spoken here.");
        if (!root.TryGetProperty("request", out JsonElement request) || request.ValueKind != JsonValueKind.Number
            || !request.TryGetInt64(out long answered) || answered != number)
        {
            throw Fault($"answered another request than number {number}, which its header must name as 'request'.");
        }
        switch (Text(root, "type"))
        {
            case "error":
                string message = ErrorLines.Clean(Text(root, "message") ?? "", MaxMessageLength);
                return new TrainerReply(message.Length > 0 ? message : "(no message)", 0, new Dictionary<string, double>());
            case "update":
                return new TrainerReply(null, ReadRows(root), ReadMetrics(root));
            case var type:
                throw Fault($"answered with the type {Shown(type)}: 'update' or 'error' was expected.");
        }
    }

    private static int ReadRows(JsonElement root)
    {
        if (!root.TryGetProperty("rows", out JsonElement rows))
            throw Fault("gave no row count: an update's header has 'rows'.");
        return rows.ValueKind == JsonValueKind.Number && rows.TryGetInt32(out int count) && count >= 1
            ? count
            : throw Fault($"gave {Shown(rows.GetRawText())} as row count: a whole number from 1 to {int.MaxValue} was expected.");
    }

    private static Dictionary<string, double> ReadMetrics(JsonElement root)
    {
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        if (!root.TryGetProperty("metrics", out JsonElement given))
            return metrics;
        if (given.ValueKind != JsonValueKind.Object)
            throw Fault("gave metrics that are not a JSON object of numbers.");
        foreach (JsonProperty metric in given.EnumerateObject())
        {
            string name = ErrorLines.Clean(metric.Name, MaxMetricNameLength);
            if (name.Length == 0 || name != metric.Name)
                throw Fault($"gave a metric a name that is empty, longer than {MaxMetricNameLength} characters or not plain text.");
            if (metric.Value.ValueKind != JsonValueKind.Number || !metric.Value.TryGetDouble(out double value) || !double.IsFinite(value))
                throw Fault($"gave the metric '{name}' a value that is not a finite number.");
            metrics[name] = value;
            if (metrics.Count > MaxMetrics)
                throw Fault($"gave more than {MaxMetrics} metrics.");
        }
        return metrics;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Shown(string? text) => text is null ? "(none)" : $"'{ErrorLines.Clean(text, 40)}'";

    private static FrameFaultException Fault(string message) => new(FrameFaultKind.Malformed, message);
}
