using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A block header of a QBFT network, whose hashes leave out what validators add after they agreed. Immutable.</summary>
/// <remarks>
/// The rules are Besu's (BftBlockHashing): a block's hash, which the next block names as its parent, is the Keccak-256 of the header with round 0 and
/// without seals; a seal signs the header with its round and without seals. Neither is the Keccak-256 of the header as it is stored.
/// </remarks>
public sealed class QbftHeader
{
    private const int BeneficiaryIndex = 2, ExtraDataIndex = 12;

    private readonly BlockHeader _header;

    private QbftHeader(BlockHeader header, QbftExtraData extraData, RlpItem[] fields)
    {
        _header = header;
        ExtraData = extraData;
        Proposer = new EthereumAddress(fields[BeneficiaryIndex].Bytes.Span);
        Hash = QbftHashing.BlockHash(fields, extraData);
        CommittedSealHash = QbftHashing.CommittedSealHash(fields, extraData);
    }

    /// <summary>The block's number, from 0.</summary>
    public ulong Number => _header.Number;

    /// <summary>The hash of the block before.</summary>
    public Digest ParentHash => _header.ParentHash;

    /// <summary>The block's hash: its name on the network.</summary>
    public Digest Hash { get; }

    /// <summary>What the validators signed.</summary>
    public Digest CommittedSealHash { get; }

    /// <summary>The validator that proposed the block, and whose vote it carries; zero in a genesis block.</summary>
    public EthereumAddress Proposer { get; }

    /// <summary>The validators, the vote, the round and the seals.</summary>
    public QbftExtraData ExtraData { get; }

    /// <summary>The header as it is stored.</summary>
    public ReadOnlyMemory<byte> Encoded => _header.Encoded;

    /// <summary>Reads a header's consensus encoding; <see langword="false"/> if it is no header, or not of QBFT.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out QbftHeader? header)
    {
        header = null;
        if (!BlockHeader.TryParse(encoded, out BlockHeader? parsed) || !RlpItem.TryDecode(parsed.Encoded, out RlpItem? item)
            || item.Items[BeneficiaryIndex].Bytes.Length != EthereumAddress.SizeInBytes
            || !QbftExtraData.TryDecode(item.Items[ExtraDataIndex].Bytes, out QbftExtraData? extraData))
            return false;
        header = new QbftHeader(parsed, extraData, [.. item.Items]);
        return true;
    }
}
