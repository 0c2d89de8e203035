using System.Buffers;
using System.Globalization;

namespace QuantumFed.Models;

/// <summary>
/// Predictions as CSV (RFC 4180, <c>\n</c> line ends): <c>line,predicted,probability</c>, the probability that of the second class; for more than two
/// classes one column <c>probability NAME</c> each. A class name that a spreadsheet would take for a formula gets an apostrophe before it.
/// </summary>
public sealed class PredictionCsv
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create("\",\r\n;\t");

    private readonly TextWriter _text;
    private readonly string[] _names;
    private string? _header;

    /// <summary>Nothing is written before the first row.</summary>
    public PredictionCsv(TextWriter text, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(classNames);
        _text = text;
        _names = [.. classNames.Select(Field)];
        _header = "line,predicted," + (classNames.Count == 2 ? "probability" : string.Join(',', classNames.Select(name => Field("probability " + name)))) + "\n";
    }

    /// <summary>Writes a row; probabilities in their shortest exact form.</summary>
    public void Write(int line, int predicted, ReadOnlySpan<double> probabilities)
    {
        if (_header is not null)
        {
            _text.Write(_header);
            _header = null;
        }

        Span<char> digits = stackalloc char[32];
        line.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        _text.Write(digits[..written]);
        _text.Write(',');
        _text.Write(_names[predicted]);
        foreach (double probability in probabilities.Length == 2 ? probabilities[1..] : probabilities)
        {
            _text.Write(',');
            probability.TryFormat(digits, out written, "R", CultureInfo.InvariantCulture);
            _text.Write(digits[..written]);
        }

        _text.Write('\n');
    }

    /// <summary>A text as a field that no spreadsheet computes: formulas begin with =, +, -, @, a tab or a line end. A number stays one.</summary>
    internal static string Field(string text)
    {
        bool formula = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n'
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        string safe = formula ? "'" + text : text;
        return safe.AsSpan().ContainsAny(s_quoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
