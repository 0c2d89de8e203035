using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using QuantumFed.Ledger;

namespace QuantumFed.Cli;

/// <summary>Numbers that the ledger counts from 0 (rounds, proposals, versions, blocks), words of its enumerations, and its node's address, on the command line.</summary>
internal static class LedgerInput
{
    /// <summary>A number that has to be given.</summary>
    public static Argument<ulong> Argument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(name, result) ?? 0,
    };

    /// <summary>A number that may be left out.</summary>
    public static Option<ulong?> Optional(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Parse(name, result),
    };

    /// <summary>A word that has to be given, in any case; the number it stands for is not taken.</summary>
    public static Option<T> Word<T>(string name, string helpName, string? more = null)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        string list = $"{string.Join(", ", words[..^1])} or {words[^1]}";
        return new(name)
        {
            Description = $"{char.ToUpperInvariant(list[0])}{list[1..]}.{more}",
            Required = true,
            HelpName = helpName,
            CustomParser = result =>
            {
                string given = result.Tokens[0].Value;
                if (words.Contains(given.ToLowerInvariant()))
                    return Enum.Parse<T>(given, ignoreCase: true);
                result.AddError($"{name} takes {list}, not '{given}'.");
                return default;
            },
        };
    }

    /// <summary>The address of a ledger's node, which may be left out.</summary>
    public static Option<Uri?> Rpc(string description) => new("--rpc")
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
                result.AddError($"--rpc takes an http or https address, not '{result.Tokens[0].Value}'.");
            else if (uri.UserInfo.Length > 0)
                result.AddError("--rpc takes an address without a name and password: a command line is seen by others.");
            return uri;
        },
    };

    /// <summary>A file with the token for a ledger's node, which may be left out.</summary>
    public static Option<string?> RpcToken() => new("--rpc-token") { Description = "File with the bearer token (JWT) for the node.", HelpName = "FILE" };

    /// <summary>A file with the authorities of a ledger's node, which may be left out.</summary>
    public static Option<string?> RpcAuthority() =>
        new("--rpc-authority") { Description = "PEM file of the authorities that may have issued the node's certificate.", HelpName = "FILE" };

    /// <summary>How many blocks must follow one, which may be left out.</summary>
    public static Option<int?> Confirmations() => new("--confirmations")
    {
        Description = $"How many blocks must follow one before it counts, 0 to {TransactionOptions.MostConfirmations}. Default: ledgerAccess.confirmations of the settings, or 0, "
            + "which is right where blocks are final at once (QBFT, the development chain).",
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= TransactionOptions.MostConfirmations)
                return number;
            result.AddError($"--confirmations takes a whole number from 0 to {TransactionOptions.MostConfirmations}, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static ulong? Parse(string name, ArgumentResult result)
    {
        if (ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            return number;
        result.AddError($"{name} takes a whole number from 0, not '{result.Tokens[0].Value}'.");
        return null;
    }
}
