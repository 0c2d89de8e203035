using System.Text.Json;

namespace QuantumFed.Cli;

/// <summary>Where a ledger command's answer goes: a text for people, or the same as JSON for programs.</summary>
internal sealed class LedgerPrinter(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions Indented = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
    private static readonly JsonSerializerOptions OneLine = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Prints an answer.</summary>
    public void Print(string text, object value) => output.WriteLine(json ? JsonSerializer.Serialize(value, Indented) : text);

    /// <summary>Prints one of a stream of events, on a line of its own.</summary>
    public void PrintEvent(string text, object value)
    {
        output.WriteLine(json ? JsonSerializer.Serialize(value, OneLine) : text);
        output.Flush();
    }
}
