using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Hashes of block headers of a QBFT network (Besu's BftBlockHashing).</summary>
internal static class QbftHashing
{
    private const int ExtraDataIndex = 12, MixHashIndex = 13;

    // What IBFT and QBFT put where proof of work had its mix: "ctical byzantine fault tolerance" in ASCII.
    private static readonly Digest MixHash = Digest.Parse("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365");

    /// <summary>The extra data of a header that says it is of QBFT; null for any other header.</summary>
    public static QbftExtraData? ExtraDataOf(IReadOnlyList<RlpItem> fields) =>
        IsQbft(fields) && QbftExtraData.TryDecode(fields[ExtraDataIndex].Bytes, out QbftExtraData? extraData)
            ? extraData
            : null;

    /// <summary>The extra data of any header, as it stands there, and whether the header says that it is of QBFT.</summary>
    public static (ReadOnlyMemory<byte> ExtraData, bool IsQbft) Read(BlockHeader header) => RlpItem.TryDecode(header.Encoded, out RlpItem? item)
        ? (item.Items[ExtraDataIndex].Bytes, IsQbft(item.Items))
        : throw new InvalidOperationException("A header that was parsed parses.");

    /// <summary>The block's hash: of the header with round 0 and without seals, which are added after the validators agreed on it.</summary>
    public static Digest BlockHash(IReadOnlyList<RlpItem> fields, QbftExtraData extraData) => HashWith(fields, extraData.WithoutSealsInRound(0));

    /// <summary>What a seal signs: the header with its round and without seals.</summary>
    public static Digest CommittedSealHash(IReadOnlyList<RlpItem> fields, QbftExtraData extraData) => HashWith(fields, extraData.WithoutSealsInRound(extraData.Round));

    private static bool IsQbft(IReadOnlyList<RlpItem> fields) =>
        fields[MixHashIndex].Bytes.Length == Digest.SizeInBytes && new Digest(fields[MixHashIndex].Bytes.Span) == MixHash;

    private static Digest HashWith(IReadOnlyList<RlpItem> fields, QbftExtraData extraData)
    {
        RlpItem[] changed = [.. fields];
        changed[ExtraDataIndex] = RlpItem.Of(extraData.Encode());
        return Keccak256.DigestOf(RlpItem.List(changed).Encode());
    }
}
