using System.Globalization;
using System.Text.RegularExpressions;

namespace QuantumFed.Besu.Tests;

/// <summary>The part of TOML 1.0 that Besu's files use: top-level keys with texts, numbers, booleans and arrays of texts. Everything else is refused.</summary>
internal sealed partial class Toml
{
    private readonly string _text;
    private int _position;

    private Toml(string text) => _text = text;

    /// <summary>Values by key: string, long, double, bool or string[].</summary>
    /// <exception cref="FormatException">The text is anything else, or names a key twice.</exception>
    public static Dictionary<string, object> Parse(string text)
    {
        Toml reader = new(text.ReplaceLineEndings("\n"));
        Dictionary<string, object> values = [];
        for (reader.SkipBlank(); reader._position < reader._text.Length; reader.SkipBlank())
        {
            string key = reader.Take(BareKey(), "a key");
            reader.SkipSpace();
            reader.Expect('=');
            reader.SkipSpace();
            if (!values.TryAdd(key, reader.Value()))
                throw new FormatException($"{key} is there twice.");
            reader.SkipSpace();
            reader.SkipComment();
            if (reader._position < reader._text.Length)
                reader.Expect('\n');
        }
        return values;
    }

    private object Value()
    {
        switch (Current)
        {
            case '"':
                return Text();
            case '[':
                return Array();
            default:
                string word = Take(Word(), "a value");
                return word is "true" or "false" ? (object)(word == "true")
                    : Integer().IsMatch(word) ? (object)long.Parse(word.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
                    : Real().IsMatch(word) ? double.Parse(word, CultureInfo.InvariantCulture)
                    : throw new FormatException($"'{word}' is no value.");
        }
    }

    private string[] Array()
    {
        List<string> items = [];
        Expect('[');
        for (SkipBlank(); Current != ']'; SkipBlank())
        {
            items.Add(Text());
            SkipBlank();
            if (Current != ']')
                Expect(',');
        }
        Expect(']');
        return [.. items];
    }

    private string Text()
    {
        Expect('"');
        string content = Take(PlainText(), "a text");
        Expect('"');
        return content;
    }

    private char Current => _position < _text.Length ? _text[_position] : throw new FormatException("The text ends too early.");

    private void Expect(char wanted)
    {
        if (Current != wanted)
            throw new FormatException($"'{wanted}' is expected at {_position}, not '{Current}'.");
        _position++;
    }

    private string Take(Regex pattern, string wanted)
    {
        Match match = pattern.Match(_text, _position);
        if (!match.Success || match.Index != _position)
            throw new FormatException($"{wanted} is expected at {_position}.");
        _position += match.Length;
        return match.Value;
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t')
            _position++;
    }

    private void SkipComment()
    {
        if (_position < _text.Length && _text[_position] == '#')
            _position = _text.IndexOf('\n', _position) is int end and >= 0 ? end : _text.Length;
    }

    private void SkipBlank()
    {
        int before;
        do
        {
            before = _position;
            SkipSpace();
            SkipComment();
            if (_position < _text.Length && _text[_position] == '\n')
                _position++;
        }
        while (_position > before);
    }

    [GeneratedRegex(@"\G[A-Za-z0-9_-]+")]
    private static partial Regex BareKey();

    [GeneratedRegex(@"\G[^\s#,\]""\[=]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\G[^""\\\n\p{Cc}]*")]
    private static partial Regex PlainText();

    [GeneratedRegex(@"^[+-]?(0|[1-9][0-9]*(_[0-9]+)*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[+-]?(0|[1-9][0-9]*)\.[0-9]+$")]
    private static partial Regex Real();
}
