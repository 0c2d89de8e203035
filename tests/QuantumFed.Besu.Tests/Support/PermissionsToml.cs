using System.Text.RegularExpressions;

namespace QuantumFed.Besu.Tests;

/// <summary>A permissions file as Besu reads it (PermissioningConfigurationBuilder), and stricter: keys that mean nothing are refused.</summary>
/// <param name="Nodes">nodes-allowlist; null if it is not needed and absent.</param>
/// <param name="Accounts">accounts-allowlist; null if it is not needed and absent.</param>
internal sealed partial record PermissionsToml(string[]? Nodes, string[]? Accounts)
{
    /// <exception cref="FormatException">Besu would not start with the file.</exception>
    public static PermissionsToml Parse(string text, bool nodes = true, bool accounts = true, bool names = false)
    {
        Dictionary<string, object> values = Toml.Parse(text);
        if (values.Keys.FirstOrDefault(key => key is not ("nodes-allowlist" or "accounts-allowlist")) is { } unknown)
            throw new FormatException($"{unknown} means nothing.");
        return new PermissionsToml(
            List(values, "nodes-allowlist", nodes, url => Enode().IsMatch(url) || (names && NamedEnode().IsMatch(url))), List(values, "accounts-allowlist", accounts, Account().IsMatch));
    }

    private static string[]? List(Dictionary<string, object> values, string key, bool needed, Func<string, bool> isValid)
    {
        if (!values.TryGetValue(key, out object? value))
            return needed ? throw new FormatException($"{key} is missing.") : null;
        string[] list = value as string[] ?? throw new FormatException($"{key} is no list.");
        return list.FirstOrDefault(item => !isValid(item)) is { } invalid ? throw new FormatException($"{invalid} is not valid.") : list;
    }

    [GeneratedRegex(@"^enode://[0-9a-fA-F]{128}@((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.(?!:)|(?=:))){4}:([1-9][0-9]{0,4})(\?discport=[0-9]{1,5})?$")]
    private static partial Regex Enode();

    [GeneratedRegex(@"^enode://[0-9a-fA-F]{128}@[A-Za-z0-9.-]+:([1-9][0-9]{0,4})(\?discport=[0-9]{1,5})?$")]
    private static partial Regex NamedEnode();

    [GeneratedRegex("^0x[0-9a-fA-F]{40}$")]
    private static partial Regex Account();
}
