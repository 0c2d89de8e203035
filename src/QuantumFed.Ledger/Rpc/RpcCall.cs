using System.Text.Json.Nodes;

namespace QuantumFed.Ledger;

/// <summary>One call of a batch.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Parameters">Its parameters; the array goes into the request and cannot be used again.</param>
public sealed record RpcCall(string Method, JsonArray Parameters)
{
    private static readonly HashSet<string> Reads =
        ["eth_chainId", "eth_blockNumber", "eth_call", "eth_estimateGas", "eth_gasPrice", "eth_syncing", "net_version", "web3_clientVersion"];

    /// <summary>
    /// Whether a node may be asked again when the answer was lost: what only reads, and raw transactions, of which the same bytes are
    /// never applied twice (a node that has them says "already known" or "nonce too low").
    /// </summary>
    internal bool IsSafeToRepeat =>
        Reads.Contains(Method) || Method.StartsWith("eth_get", StringComparison.Ordinal) || Method == "eth_sendRawTransaction";
}
