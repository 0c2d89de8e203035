using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>
/// Puts a transaction of a block in JSON together again: not every node hands out raw transactions, and this way the node's word for
/// the hash is checked.
/// </summary>
internal static class TransactionJson
{
    /// <exception cref="FormatException">The element is no transaction of a supported type, or does not hash to its name.</exception>
    public static SignedTransaction Read(JsonElement json)
    {
        ulong type = RpcJson.Optional(json, "type") is JsonElement given ? RpcJson.ReadUInt64(given) : 0;
        if (type is not (0 or 2))
            throw new FormatException($"Transactions of type {type} are not archived.");
        bool legacy = type == 0;
        ulong v = RpcJson.ReadUInt64(json.GetProperty("v"));
        ulong? chainId = RpcJson.Optional(json, "chainId") is JsonElement id ? RpcJson.ReadUInt64(id) : null;
        TransactionRequest request = new()
        {
            IsLegacy = legacy,
            ChainId = legacy && v is 27 or 28 ? null : chainId,
            Nonce = RpcJson.ReadUInt64(json.GetProperty("nonce")),
            MaxPriorityFeePerGas = legacy ? 0 : RpcJson.ReadBig(json.GetProperty("maxPriorityFeePerGas")),
            MaxFeePerGas = RpcJson.ReadBig(json.GetProperty(legacy ? "gasPrice" : "maxFeePerGas")),
            GasLimit = RpcJson.ReadUInt64(json.GetProperty("gas")),
            To = RpcJson.Optional(json, "to") is JsonElement to ? RpcJson.ReadAddress(to) : null,
            Value = RpcJson.ReadBig(json.GetProperty("value")),
            Data = RpcJson.ReadBytes(json.GetProperty("input")),
        };
        // Odd parity is v = 1 for type 2; 28 or an even v from 35 on for legacy (EIP-155).
        bool odd = legacy ? v == 28 || (v >= 35 && v % 2 == 0) : v == 1;
        EcdsaSignature signature = new(RpcJson.ReadBig(json.GetProperty("r")), RpcJson.ReadBig(json.GetProperty("s")), odd);
        SignedTransaction transaction = SignedTransaction.Create(request, signature);
        return transaction.Hash == RpcJson.ReadHash(json.GetProperty("hash"))
            ? transaction
            : throw new FormatException($"Transaction {transaction.Hash} does not hash to the name the node gives it.");
    }
}
