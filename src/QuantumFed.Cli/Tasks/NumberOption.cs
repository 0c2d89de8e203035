using System.CommandLine;
using System.Globalization;

namespace QuantumFed.Cli;

/// <summary>Options that take a number in a range, and say so otherwise.</summary>
internal static class NumberOption
{
    /// <summary>A whole number with a default.</summary>
    public static Option<int> Whole(string name, string description, int value, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => value,
        CustomParser = result => ParseWhole(name, result.Tokens[0].Value, least, most, result.AddError) ?? value,
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> OptionalWhole(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result => ParseWhole(name, result.Tokens[0].Value, least, most, result.AddError),
    };

    /// <summary>A number above or of at least 0, or of at least another bound, which may be left out.</summary>
    public static Option<double?> OptionalReal(string name, string description, bool zero, double least = 0) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            const double most = 1e6;
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double given) && given <= most && given >= least && (given > 0 || (zero && given == 0)))
                return given;
            result.AddError($"{name} takes a number {(zero ? "of at least 0" : least > 0 ? $"of at least {least.ToString("R", CultureInfo.InvariantCulture)}" : "above 0")} and at most 1e6, not '{text}'.");
            return null;
        },
    };

    private static int? ParseWhole(string name, string text, int least, int most, Action<string> fail)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given >= least && given <= most)
            return given;
        fail($"{name} takes a number from {least} to {most}, not '{text}'.");
        return null;
    }
}
