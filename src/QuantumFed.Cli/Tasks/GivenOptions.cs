using System.CommandLine;
using System.CommandLine.Parsing;

namespace QuantumFed.Cli;

/// <summary>What a validator may ask of options. It runs before they are checked one by one.</summary>
internal static class GivenOptions
{
    /// <summary>Whether the option stands on the command line.</summary>
    public static bool IsGiven(this SymbolResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Whether each option has as many values as it takes, or is left out. To read another's value is an exception; the sentence about it comes later.</summary>
    public static bool AreReadable(this SymbolResult result, IEnumerable<Option> options) => options.All(option =>
        result.GetResult(option) is not { Implicit: false } given
        || (given.Tokens.Count >= option.Arity.MinimumNumberOfValues && given.Tokens.Count <= option.Arity.MaximumNumberOfValues));
}
