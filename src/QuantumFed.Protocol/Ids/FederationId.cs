using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Protocol;

/// <summary>What tells one federation (one task of one consortium) from every other: 32 random bytes chosen when it was founded.</summary>
public readonly record struct FederationId(Digest Value)
{
    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is not a federation id.</exception>
    public static FederationId Parse(string text) => new(Digest.Parse(text));

    /// <summary>Reads 64 hexadecimal digits; <see langword="false"/> if the text is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out FederationId id)
    {
        bool parsed = Digest.TryParse(text, out Digest value);
        id = new FederationId(value);
        return parsed;
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
