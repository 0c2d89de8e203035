using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace QuantumFed.Ledger;

/// <summary>What a block commits to of a transaction's outcome (EIP-658, EIP-2718): type, status, cumulative gas, bloom and events.</summary>
internal sealed record ReceiptContent(TransactionType Type, bool Succeeded, ulong CumulativeGasUsed, ReadOnlyMemory<byte> Bloom, IReadOnlyList<LedgerLog> Logs)
{
    private const int BloomBytes = 256;

    public byte[] Encode()
    {
        byte[] rlp = RlpItem.List(
            RlpItem.Of(Succeeded ? 1UL : 0UL),
            RlpItem.Of(CumulativeGasUsed),
            RlpItem.Of(Bloom),
            RlpItem.List([.. Logs.Select(log => log.ToRlp())])).Encode();
        return Type == TransactionType.Legacy ? rlp : [(byte)Type, .. rlp];
    }

    public static bool TryParse(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out ReceiptContent? receipt)
    {
        receipt = null;
        if (encoded.IsEmpty)
            return false;
        bool legacy = encoded.Span[0] >= 0xC0;
        TransactionType type = legacy ? TransactionType.Legacy : (TransactionType)encoded.Span[0];
        if ((!legacy && type is not (TransactionType.AccessList or TransactionType.DynamicFee)) || !RlpItem.TryDecode(legacy ? encoded : encoded[1..], out RlpItem? item)
            || item.Items is not [var status, var gas, { IsList: false, Bytes.Length: BloomBytes } bloom, { IsList: true } list]
            || !status.TryReadUInt64(out ulong succeeded) || succeeded > 1 || !gas.TryReadUInt64(out ulong cumulative))
            return false;
        List<LedgerLog> logs = [];
        foreach (RlpItem entry in list.Items)
        {
            if (!LedgerLog.TryRead(entry, out LedgerLog? log))
                return false;
            logs.Add(log);
        }
        receipt = new ReceiptContent(type, succeeded == 1, cumulative, bloom.Bytes, logs);
        return true;
    }

    /// <exception cref="FormatException">The element is no receipt.</exception>
    public static ReceiptContent FromJson(JsonElement json) => new(
        TransactionJson.ReadType(json),
        RpcJson.ReadUInt64(RpcJson.Optional(json, "status")
            ?? throw new FormatException("The receipt has no status: its block is from before Byzantium's rules (EIP-658).")) == 1,
        RpcJson.ReadUInt64(json.GetProperty("cumulativeGasUsed")),
        RpcJson.ReadBytes(json.GetProperty("logsBloom")),
        [.. json.GetProperty("logs").EnumerateArray().Select(LedgerLog.FromJson)]);
}
