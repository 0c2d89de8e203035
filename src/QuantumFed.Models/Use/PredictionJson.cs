using System.Globalization;
using System.Text.Json;

namespace QuantumFed.Models;

/// <summary>Predictions as JSON, one object a line: <c>line</c>, <c>predicted</c>, and <c>probabilities</c> by class name.</summary>
public sealed class PredictionJson
{
    private readonly TextWriter _text;
    private readonly string[] _names;

    /// <summary>Nothing is written yet.</summary>
    public PredictionJson(TextWriter text, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(classNames);
        _text = text;
        _names = [.. classNames.Select(name => JsonSerializer.Serialize(name))];
    }

    /// <summary>Writes a row; probabilities in their shortest exact form.</summary>
    public void Write(int line, int predicted, ReadOnlySpan<double> probabilities)
    {
        _text.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"line\":{line},\"predicted\":{_names[predicted]},\"probabilities\":{{"));
        for (int c = 0; c < probabilities.Length; c++)
        {
            if (c > 0) _text.Write(',');
            _text.Write(string.Create(CultureInfo.InvariantCulture, $"{_names[c]}:{probabilities[c]:R}"));
        }

        _text.Write("}}\n");
    }
}
