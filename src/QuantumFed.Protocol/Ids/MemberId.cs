using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>
/// A party's name in the consortium: 1 to 32 characters of a-z, 0-9 and '-', beginning and ending with a letter or digit. It is the
/// common name of the party's certificate and the name of its folder, so nothing else is let in.
/// </summary>
public readonly record struct MemberId : IComparable<MemberId>
{
    private readonly string? _name;

    private MemberId(string name) => _name = name;

    /// <summary>The name.</summary>
    public string Name => _name ?? throw new InvalidOperationException("An uninitialised member id has no name.");

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text is not a member's name.</exception>
    public static MemberId Parse(string text) =>
        TryParse(text, out MemberId id)
            ? id
            : throw new FormatException($"'{text}' is not a member's name: 1 to 32 characters of a-z, 0-9 and '-', with '-' neither first nor last.");

    /// <summary>Reads a name; <see langword="false"/> if the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemberId id)
    {
        id = default;
        if (text is null || text.Length is < 1 or > 32 || text[0] == '-' || text[^1] == '-')
            return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        }
        id = new MemberId(text);
        return true;
    }

    /// <summary>Compares names by their bytes.</summary>
    public int CompareTo(MemberId other) => string.CompareOrdinal(_name, other._name);

    /// <summary>Before, by bytes.</summary>
    public static bool operator <(MemberId left, MemberId right) => left.CompareTo(right) < 0;

    /// <summary>After, by bytes.</summary>
    public static bool operator >(MemberId left, MemberId right) => left.CompareTo(right) > 0;

    /// <summary>Before or the same, by bytes.</summary>
    public static bool operator <=(MemberId left, MemberId right) => left.CompareTo(right) <= 0;

    /// <summary>After or the same, by bytes.</summary>
    public static bool operator >=(MemberId left, MemberId right) => left.CompareTo(right) >= 0;

    /// <summary>The name.</summary>
    public override string ToString() => _name ?? "";
}
