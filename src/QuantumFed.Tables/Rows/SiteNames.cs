using System.Globalization;
using System.Text;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>Turns texts into hospitals' names.</summary>
internal static class SiteNames
{
    // Without a culture's data (InvariantGlobalization) .NET does not take letters apart from their accents.
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿßčďěňřšťůžąćęłńśźżğışő";
    private const string Plain = "aaaaaaceeeeiiiinoooooouuuuyyscdenrstuzacelnszzgiso";

    /// <summary>What the other parties of a consortium are called; a hospital of such a name gets a number behind it.</summary>
    public static readonly IReadOnlyCollection<string> Reserved = ["coordinator", "ledger"];

    /// <summary>Small letters, digits and single hyphens; anything else is a hyphen; never empty.</summary>
    public static string Sanitise(string text)
    {
        StringBuilder name = new(HospitalCohort.MaxNameLength);
        foreach (char c in text)
        {
            char lower = char.ToLowerInvariant(c);
            int accented = Accented.IndexOf(lower, StringComparison.Ordinal);
            if (accented >= 0) lower = Plain[accented];
            if (char.IsAsciiLetterOrDigit(lower)) name.Append(lower);
            else if (name.Length > 0 && name[^1] != '-') name.Append('-');
            if (name.Length == HospitalCohort.MaxNameLength) break;
        }

        string trimmed = name.ToString().TrimEnd('-');
        return trimmed.Length == 0 ? "site" : trimmed;
    }

    /// <summary>The name, or with a number behind it where it is taken already.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int n = 2; !taken.Add(unique); n++)
        {
            string suffix = string.Create(CultureInfo.InvariantCulture, $"-{n}");
            unique = string.Concat(name.AsSpan(0, Math.Min(name.Length, HospitalCohort.MaxNameLength - suffix.Length)), suffix);
        }

        return unique;
    }
}
