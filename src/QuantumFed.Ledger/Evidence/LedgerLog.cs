using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>An event as the chain stores it: which contract spoke, its topics and data.</summary>
internal sealed record LedgerLog(EthereumAddress Address, IReadOnlyList<Digest> Topics, ReadOnlyMemory<byte> Data)
{
    public RlpItem ToRlp() => RlpItem.List(
        RlpItem.Of(Address.ToArray()), RlpItem.List([.. Topics.Select(topic => RlpItem.Of(topic.ToArray()))]), RlpItem.Of(Data));

    public static bool TryRead(RlpItem item, [NotNullWhen(true)] out LedgerLog? log)
    {
        log = null;
        if (item.Items is not [{ IsList: false, Bytes.Length: EthereumAddress.SizeInBytes } address, { IsList: true } topics, { IsList: false } data]
            || topics.Items.Count > 4 || topics.Items.Any(topic => topic.IsList || topic.Bytes.Length != Digest.SizeInBytes))
            return false;
        log = new LedgerLog(new EthereumAddress(address.Bytes.Span), [.. topics.Items.Select(topic => new Digest(topic.Bytes.Span))], data.Bytes);
        return true;
    }

    /// <exception cref="FormatException">The element is no log.</exception>
    public static LedgerLog FromJson(JsonElement json) => new(
        RpcJson.ReadAddress(json.GetProperty("address")),
        [.. json.GetProperty("topics").EnumerateArray().Select(RpcJson.ReadHash)],
        RpcJson.ReadBytes(json.GetProperty("data")));
}
