using System.Text;

namespace QuantumFed.Qkd;

/// <summary>A node's name: 1 to 64 of a-z, 0-9, '.' and '-'.</summary>
public readonly record struct RelayNodeName
{
    /// <summary>The longest name.</summary>
    public const int MostCharacters = 64;

    private readonly string? _text;

    private RelayNodeName(string text) => _text = text;

    /// <summary>Checks a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static RelayNodeName Parse(string text) => TryParse(text, out RelayNodeName name) ? name : throw new FormatException("A node's name is 1 to 64 of a-z, 0-9, '.' and '-'.");

    /// <summary>Checks a name; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string? text, out RelayNodeName name)
    {
        bool valid = text is { Length: > 0 and <= MostCharacters } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
        name = valid ? new RelayNodeName(text!) : default;
        return valid;
    }

    /// <summary>The name; empty for a default value.</summary>
    public override string ToString() => _text ?? "";

    internal static bool TryRead(ReadOnlySpan<byte> ascii, out RelayNodeName name)
    {
        name = default;
        return ascii.Length is > 0 and <= MostCharacters && TryParse(Encoding.Latin1.GetString(ascii), out name);
    }
}
