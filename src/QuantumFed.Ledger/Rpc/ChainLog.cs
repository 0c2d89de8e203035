using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>An event and where it stands on the chain.</summary>
internal sealed record ChainLog(LedgerLog Log, Digest TransactionHash, ulong BlockNumber, Digest BlockHash)
{
    /// <exception cref="FormatException">The element is no log of a block.</exception>
    public static ChainLog FromJson(JsonElement json) => new(
        LedgerLog.FromJson(json),
        RpcJson.ReadHash(json.GetProperty("transactionHash")),
        RpcJson.ReadUInt64(json.GetProperty("blockNumber")),
        RpcJson.ReadHash(json.GetProperty("blockHash")));
}
