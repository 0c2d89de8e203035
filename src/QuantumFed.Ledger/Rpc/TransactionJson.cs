using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>
/// Puts a transaction of a block in JSON together again: not every node hands out raw transactions, and this way the node's word for
/// the hash is checked.
/// </summary>
internal static class TransactionJson
{
    /// <summary>The type of a transaction or a receipt; of the oldest nodes' answers, legacy.</summary>
    /// <exception cref="FormatException">The type is not 0, 1 or 2.</exception>
    public static TransactionType ReadType(JsonElement json)
    {
        ulong type = RpcJson.Optional(json, "type") is JsonElement given ? RpcJson.ReadUInt64(given) : 0;
        return type <= (ulong)TransactionType.DynamicFee
            ? (TransactionType)type
            : throw new FormatException($"Transactions of type {type} are not archived.");
    }

    /// <exception cref="FormatException">The element is no transaction of a supported type, or does not hash to its name.</exception>
    public static SignedTransaction Read(JsonElement json)
    {
        TransactionType type = ReadType(json);
        bool legacy = type == TransactionType.Legacy, dynamic = type == TransactionType.DynamicFee;
        ulong v = RpcJson.ReadUInt64(json.GetProperty("v"));
        ulong? chainId = RpcJson.Optional(json, "chainId") is JsonElement id ? RpcJson.ReadUInt64(id) : null;
        TransactionRequest request = new()
        {
            Type = type,
            ChainId = legacy && v is 27 or 28 ? null : chainId,
            Nonce = RpcJson.ReadUInt64(json.GetProperty("nonce")),
            MaxPriorityFeePerGas = !dynamic ? 0 : RpcJson.ReadBig(json.GetProperty("maxPriorityFeePerGas")),
            MaxFeePerGas = RpcJson.ReadBig(json.GetProperty(dynamic ? "maxFeePerGas" : "gasPrice")),
            GasLimit = RpcJson.ReadUInt64(json.GetProperty("gas")),
            To = RpcJson.Optional(json, "to") is JsonElement to ? RpcJson.ReadAddress(to) : null,
            Value = RpcJson.ReadBig(json.GetProperty("value")),
            Data = RpcJson.ReadBytes(json.GetProperty("input")),
            AccessList = !legacy && RpcJson.Optional(json, "accessList") is JsonElement list ? [.. list.EnumerateArray().Select(ReadEntry)] : [],
        };
        // Odd parity is v = 1 for types 1 and 2; 28 or an even v from 35 on for legacy (EIP-155).
        bool odd = legacy ? v == 28 || (v >= 35 && v % 2 == 0) : v == 1;
        EcdsaSignature signature = new(RpcJson.ReadBig(json.GetProperty("r")), RpcJson.ReadBig(json.GetProperty("s")), odd);
        SignedTransaction transaction = SignedTransaction.Create(request, signature);
        return transaction.Hash == RpcJson.ReadHash(json.GetProperty("hash"))
            ? transaction
            : throw new FormatException($"Transaction {transaction.Hash} does not hash to the name the node gives it.");
    }

    private static AccessListEntry ReadEntry(JsonElement json) => new(
        RpcJson.ReadAddress(json.GetProperty("address")), [.. json.GetProperty("storageKeys").EnumerateArray().Select(RpcJson.ReadHash)]);
}
