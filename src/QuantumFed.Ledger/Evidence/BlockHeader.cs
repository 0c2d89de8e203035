using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A block's header (Yellow Paper, section 4.4): the fields that matter here, and the bytes they came in. Immutable.</summary>
internal sealed class BlockHeader
{
    // Up to London's base fee all fields are there; later forks append theirs.
    private static readonly string[] RequiredFields =
    [
        "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty", "number",
        "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce",
    ];

    private static readonly string[] LaterFields =
        ["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"];

    private static readonly HashSet<string> Quantities =
        ["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas", "blobGasUsed", "excessBlobGas"];

    private BlockHeader(byte[] encoded, IReadOnlyList<RlpItem> fields, ulong number, ulong timestamp)
    {
        Encoded = encoded;
        Hash = QbftHashing.ExtraDataOf(fields) is { } extraData ? QbftHashing.BlockHash(fields, extraData) : Keccak256.DigestOf(encoded);
        ParentHash = new Digest(fields[0].Bytes.Span);
        StateRoot = new Digest(fields[3].Bytes.Span);
        TransactionsRoot = new Digest(fields[4].Bytes.Span);
        ReceiptsRoot = new Digest(fields[5].Bytes.Span);
        Number = number;
        Timestamp = timestamp;
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The block's name: the Keccak-256 of the encoding, which on a QBFT network leaves out what validators add after they agreed.</summary>
    public Digest Hash { get; }

    public Digest ParentHash { get; }

    public Digest StateRoot { get; }

    public Digest TransactionsRoot { get; }

    public Digest ReceiptsRoot { get; }

    public ulong Number { get; }

    /// <summary>Unix time in seconds, as the block's maker said.</summary>
    public ulong Timestamp { get; }

    public static bool TryParse(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out BlockHeader? header)
    {
        header = null;
        if (!RlpItem.TryDecode(encoded, out RlpItem? item) || item.Items.Count < RequiredFields.Length
            || item.Items.Count > RequiredFields.Length + LaterFields.Length || item.Items.Any(field => field.IsList)
            || item.Items[0].Bytes.Length != Digest.SizeInBytes || item.Items[4].Bytes.Length != Digest.SizeInBytes
            || item.Items[3].Bytes.Length != Digest.SizeInBytes || item.Items[5].Bytes.Length != Digest.SizeInBytes
            || !item.Items[8].TryReadUInt64(out ulong number) || !item.Items[11].TryReadUInt64(out ulong timestamp))
            return false;
        header = new BlockHeader(encoded.ToArray(), item.Items, number, timestamp);
        return true;
    }

    /// <summary>Puts the header of a block in JSON together again.</summary>
    /// <exception cref="FormatException">The element is no block, or its header does not hash to the name it gives itself.</exception>
    public static BlockHeader FromJson(JsonElement block)
    {
        Digest hash = RpcJson.ReadHash(block.GetProperty("hash"));
        BlockHeader header = FromFields(block);
        return header.Hash == hash ? header : throw new FormatException($"The header of block {hash} does not hash to its name.");
    }

    /// <summary>The same where the block does not say its name.</summary>
    /// <exception cref="FormatException">The element is no header.</exception>
    public static BlockHeader FromFields(JsonElement block)
    {
        List<RlpItem> fields = [.. RequiredFields.Select(name => Field(name, block.GetProperty(name)))];
        fields.AddRange(LaterFields
            .Select(name => (name, value: RpcJson.Optional(block, name)))
            .Where(field => field.value is not null)
            .Select(field => Field(field.name, field.value!.Value)));
        return TryParse(RlpItem.List([.. fields]).Encode(), out BlockHeader? header) ? header : throw new FormatException("These are not the fields of a header.");
    }

    private static RlpItem Field(string name, JsonElement value) =>
        Quantities.Contains(name) ? RlpItem.Of(RpcJson.ReadBig(value)) : RlpItem.Of(RpcJson.ReadBytes(value));
}
