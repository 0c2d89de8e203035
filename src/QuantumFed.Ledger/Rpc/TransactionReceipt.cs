using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A transaction's outcome and where it stands on the chain.</summary>
internal sealed record TransactionReceipt(ReceiptContent Content, Digest TransactionHash, ulong BlockNumber, Digest BlockHash, ulong GasUsed)
{
    /// <exception cref="FormatException">The element is no receipt.</exception>
    public static TransactionReceipt FromJson(JsonElement json) => new(
        ReceiptContent.FromJson(json),
        RpcJson.ReadHash(json.GetProperty("transactionHash")),
        RpcJson.ReadUInt64(json.GetProperty("blockNumber")),
        RpcJson.ReadHash(json.GetProperty("blockHash")),
        RpcJson.ReadUInt64(json.GetProperty("gasUsed")));
}
