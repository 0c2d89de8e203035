using System.Text;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>static-nodes.json, whom a validator connects to, and permissions_config.toml, whom it lets connect and whose transactions it takes.</summary>
internal static class PeerFiles
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    public static byte[] StaticNodes(IEnumerable<EnodeUrl> others) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(others.Select(other => other.ToString()), s_json), (byte)'\n'];

    public static byte[] Permissions(IEnumerable<EnodeUrl> all, IEnumerable<EthereumAddress> accounts)
    {
        StringBuilder text = new();
        _ = text.Append("# The same on every validator. After a change: perm_reloadPermissionsFromFile, on each.\n\n");
        _ = text.Append("# The accounts whose transactions are taken; nobody's while the list is empty.\n");
        Append(text, "accounts-allowlist", accounts.Select(account => account.ToString()));
        _ = text.Append("\n# The nodes that may connect.\n");
        Append(text, "nodes-allowlist", all.Select(node => node.ToString()));
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, string key, IEnumerable<string> values)
    {
        string[] quoted = [.. values.Select(value => $"  \"{value}\"")];
        _ = text.Append(key).Append(quoted.Length == 0 ? "=[]\n" : $"=[\n{string.Join(",\n", quoted)}\n]\n");
    }
}
