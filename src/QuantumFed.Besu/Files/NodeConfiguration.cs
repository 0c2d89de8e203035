using System.Globalization;
using System.Text;

namespace QuantumFed.Besu;

/// <summary>config.toml: a validator's options. Paths are those inside its container (see <see cref="ComposeFile"/>).</summary>
internal static class NodeConfiguration
{
    public const string Folder = "/validator", DataFolder = "/data", Genesis = "/network/genesis.json";

    // Besu's own number for small networks; every validator needs a peer in every other.
    private const int LeastPeers = 25;

    public static byte[] Write(ValidatorPlace place, NetworkPlan plan)
    {
        StringBuilder text = new();
        Section(text, "This node", [
            ("data-path", Quoted(DataFolder)),
            ("node-private-key-file", Quoted(Folder + "/key")),
            ("identity", Quoted(place.Name)),
        ]);
        Section(text, "The chain. FOREST keeps every state, which proofs of old blocks need; BONSAI keeps 512 blocks.", [
            ("genesis-file", Quoted(Genesis)),
            ("network-id", plan.ChainId.ToString(CultureInfo.InvariantCulture)),
            ("sync-mode", Quoted("FULL")),
            ("data-storage-format", Quoted("FOREST")),
            ("min-gas-price", "0"),
            ("tx-pool", Quoted("SEQUENCED")),
            ("tx-pool-limit-by-account-percentage", "1.0"),
        ]);
        Section(text, "Peers: only the ones that are named. The connection is not encrypted by TLS: keep it inside WireGuard.", [
            ("nat-method", Quoted("NONE")),
            ("p2p-host", Quoted(place.Host.ToString())),
            ("p2p-interface", Quoted(ListenAddress(place, plan))),
            ("p2p-port", place.PeerPort.ToString(CultureInfo.InvariantCulture)),
            ("discovery-enabled", "false"),
            ("static-nodes-file", Quoted(Folder + "/static-nodes.json")),
            ("max-peers", Math.Max(LeastPeers, 2 * plan.Places.Length).ToString(CultureInfo.InvariantCulture)),
            ("remote-connections-limit-enabled", "false"),
            ("permissions-nodes-config-file-enabled", "true"),
            ("permissions-nodes-config-file", Quoted(Folder + "/permissions_config.toml")),
            ("permissions-accounts-config-file-enabled", "true"),
            ("permissions-accounts-config-file", Quoted(Folder + "/permissions_config.toml")),
        ]);
        Section(text, "JSON-RPC: TLS, and a token for every call. The image sets BESU_RPC_HTTP_HOST, which wins over rpc-http-host; compose.yaml sets it to the same.", [
            ("rpc-http-enabled", "true"),
            ("rpc-http-host", Quoted(ListenAddress(place, plan))),
            ("rpc-http-port", place.RpcPort.ToString(CultureInfo.InvariantCulture)),
            ("rpc-http-api", Quoted(["ETH", "NET", "WEB3", "QBFT", "ADMIN", "PERM", "TXPOOL"])),
            ("host-allowlist", Quoted([.. DnsNames(place), .. Addresses(place)])),
            ("rpc-http-tls-enabled", "true"),
            ("rpc-http-tls-keystore-file", Quoted(Folder + "/rpc/keystore.p12")),
            ("rpc-http-tls-keystore-password-file", Quoted(Folder + "/rpc/keystore.password")),
            ("rpc-http-tls-protocols", Quoted(["TLSv1.3"])),
            ("rpc-http-authentication-enabled", "true"),
            ("rpc-http-authentication-jwt-public-key-file", Quoted(Folder + "/rpc/jwt-public.pem")),
            ("rpc-http-authentication-jwt-algorithm", Quoted("RS256")),
        ]);
        Section(text, "Metrics for Prometheus, without any protection: not to be published.", [
            ("metrics-enabled", "true"),
            ("metrics-host", Quoted(plan.OnOneMachine ? "0.0.0.0" : "127.0.0.1")),
            ("metrics-port", place.MetricsPort.ToString(CultureInfo.InvariantCulture)),
        ]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The address a validator listens on: in a compose network every one of the container's, elsewhere the one that peers use, and no other of the machine's.</summary>
    public static string ListenAddress(ValidatorPlace place, NetworkPlan plan) => plan.OnOneMachine ? "0.0.0.0" : place.Host.ToString();

    /// <summary>The names by which clients may call a validator.</summary>
    public static string[] DnsNames(ValidatorPlace place) => ["localhost", place.Name];

    /// <summary>The addresses by which clients may call a validator.</summary>
    public static string[] Addresses(ValidatorPlace place) => [.. new[] { "127.0.0.1", place.Host.ToString() }.Distinct()];

    private static void Section(StringBuilder text, string title, (string Key, string Value)[] options)
    {
        _ = text.Append(text.Length == 0 ? "" : "\n").Append("# ").Append(title).Append('\n');
        foreach ((string key, string value) in options)
            _ = text.Append(key).Append('=').Append(value).Append('\n');
    }

    private static string Quoted(string value) => $"\"{value}\"";

    private static string Quoted(string[] values) => $"[{string.Join(", ", values.Select(Quoted))}]";
}
