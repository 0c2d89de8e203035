using System.Text.Json;

namespace QuantumFed.Models;

/// <summary>
/// Reads JSON whose properties, their order and the length of every array of numbers are known beforehand: so a hostile file costs no more memory
/// than an honest one. Everything unexpected is a <see cref="FormatException"/> that says what, in a sentence.
/// </summary>
internal ref struct StrictJson
{
    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    public StrictJson(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The begin of an object.</summary>
    public void BeginObject() => Expect(JsonTokenType.StartObject, "an object");

    /// <summary>The end of an object.</summary>
    public void EndObject() => Expect(JsonTokenType.EndObject, "the end of an object");

    /// <summary>The begin of an array.</summary>
    public void BeginArray() => Expect(JsonTokenType.StartArray, "an array");

    /// <summary>The end of an array of known length.</summary>
    public void EndArray() => Expect(JsonTokenType.EndArray, "the end of an array");

    /// <summary>The next property's name.</summary>
    public void Name(string name)
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName || !_reader.ValueTextEquals(name))
            throw Unexpected($"the property \"{name}\"");
    }

    /// <summary>Whether an array goes on; its end is consumed.</summary>
    public bool NextItem()
    {
        Utf8JsonReader ahead = _reader;
        if (!ahead.Read()) throw Unexpected("an array to go on");
        if (ahead.TokenType != JsonTokenType.EndArray) return true;
        _reader = ahead;
        return false;
    }

    /// <summary>Whether the value is null; a null is consumed.</summary>
    public bool IsNull()
    {
        Utf8JsonReader ahead = _reader;
        if (!ahead.Read() || ahead.TokenType != JsonTokenType.Null) return false;
        _reader = ahead;
        return true;
    }

    /// <summary>A text of at most so many characters.</summary>
    public string Text(int mostCharacters)
    {
        Expect(JsonTokenType.String, "a text");
        // A character is at most six bytes of JSON: \u0000.
        if (_reader.ValueSpan.Length > 6L * mostCharacters) throw Unexpected($"a text of at most {mostCharacters} characters");
        try
        {
            string text = _reader.GetString()!;
            return text.Length <= mostCharacters ? text : throw Unexpected($"a text of at most {mostCharacters} characters");
        }
        catch (InvalidOperationException)
        {
            throw Unexpected("a text that is Unicode");
        }
    }

    /// <summary>A text that must be this one.</summary>
    public void Text(string expected)
    {
        Expect(JsonTokenType.String, $"\"{expected}\"");
        if (!_reader.ValueTextEquals(expected)) throw Unexpected($"\"{expected}\"");
    }

    /// <summary>A number from 0.</summary>
    public ulong Whole(ulong most)
    {
        Expect(JsonTokenType.Number, "a number");
        return _reader.TryGetUInt64(out ulong value) && value <= most ? value : throw Unexpected($"a whole number from 0 to {most}");
    }

    /// <summary>true or false.</summary>
    public bool Boolean() => _reader.Read() && _reader.TokenType is JsonTokenType.True or JsonTokenType.False
        ? _reader.TokenType == JsonTokenType.True
        : throw Unexpected("true or false");

    /// <summary>An array of exactly so many finite numbers.</summary>
    public void Numbers(Span<double> numbers)
    {
        BeginArray();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!_reader.Read() || _reader.TokenType != JsonTokenType.Number || !_reader.TryGetDouble(out numbers[i]) || !double.IsFinite(numbers[i]))
                throw Unexpected($"an array of {numbers.Length} numbers");
        }

        if (!_reader.Read() || _reader.TokenType != JsonTokenType.EndArray) throw Unexpected($"an array of {numbers.Length} numbers");
    }

    /// <summary>The bytes of an object that another reader understands.</summary>
    public ReadOnlySpan<byte> Raw()
    {
        BeginObject();
        int start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }

    /// <summary>The end of the text.</summary>
    public void End()
    {
        if (_reader.Read()) throw Unexpected("the end of the file");
    }

    private void Expect(JsonTokenType type, string what)
    {
        if (!_reader.Read() || _reader.TokenType != type) throw Unexpected(what);
    }

    private readonly FormatException Unexpected(string what)
    {
        int line = 1 + _json[..(int)_reader.TokenStartIndex].Count((byte)'\n');
        return new FormatException(FormattableString.Invariant($"line {line} should have {what}."));
    }
}
