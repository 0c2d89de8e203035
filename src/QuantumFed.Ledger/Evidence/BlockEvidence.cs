using System.Diagnostics.CodeAnalysis;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// One block as it is archived: its hash, header, transactions and receipts, in one canonical byte string. By itself it proves nothing;
/// <see cref="OfflineChain.TryVerify"/> judges a whole chain of them. Immutable.
/// </summary>
/// <remarks>The bytes: RLP[format tag, block hash, header, [transactions], [receipts]], each in its consensus encoding.</remarks>
public sealed class BlockEvidence
{
    /// <summary>The most bytes a block's evidence may have: far above what 30 million gas of calldata can fill.</summary>
    public const int MaxSizeInBytes = 16 << 20;

    private static readonly byte[] Format = Encoding.ASCII.GetBytes("quantumfed block 1");

    private readonly byte[] _canonical;

    private BlockEvidence(byte[] canonical, BlockHeader header, IReadOnlyList<ReadOnlyMemory<byte>> transactions, IReadOnlyList<ReadOnlyMemory<byte>> receipts)
    {
        _canonical = canonical;
        Header = header;
        RawTransactions = transactions;
        RawReceipts = receipts;
    }

    /// <summary>The block's number, from 0.</summary>
    public ulong Number => Header.Number;

    /// <summary>The block's hash.</summary>
    public Digest Hash => Header.Hash;

    /// <summary>The hash of the block before.</summary>
    public Digest ParentHash => Header.ParentHash;

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> CanonicalBytes => _canonical;

    internal BlockHeader Header { get; }

    internal IReadOnlyList<ReadOnlyMemory<byte>> RawTransactions { get; }

    internal IReadOnlyList<ReadOnlyMemory<byte>> RawReceipts { get; }

    /// <summary>Reads canonical bytes; <see langword="false"/> if they are anything else, or the header does not hash to the block's name.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> canonicalBytes, [NotNullWhen(true)] out BlockEvidence? evidence)
    {
        evidence = null;
        if (canonicalBytes.Length > MaxSizeInBytes || !RlpItem.TryDecode(canonicalBytes.ToArray(), out RlpItem? item)
            || item.Items is not [{ IsList: false } format, { IsList: false, Bytes.Length: Digest.SizeInBytes } hash, { IsList: false } header,
                { IsList: true } transactions, { IsList: true } receipts]
            || !format.Bytes.Span.SequenceEqual(Format)
            || transactions.Items.Concat(receipts.Items).Any(content => content.IsList || content.Bytes.IsEmpty)
            || !BlockHeader.TryParse(header.Bytes, out BlockHeader? parsed) || parsed.Hash != new Digest(hash.Bytes.Span))
            return false;
        evidence = new BlockEvidence(
            canonicalBytes.ToArray(),
            parsed,
            [.. transactions.Items.Select(transaction => transaction.Bytes)],
            [.. receipts.Items.Select(receipt => receipt.Bytes)]);
        return true;
    }

    internal static BlockEvidence Create(BlockHeader header, IReadOnlyList<SignedTransaction> transactions, IReadOnlyList<ReceiptContent> receipts)
    {
        ReadOnlyMemory<byte>[] rawTransactions = [.. transactions.Select(transaction => transaction.Encoded)];
        ReadOnlyMemory<byte>[] rawReceipts = [.. receipts.Select(receipt => (ReadOnlyMemory<byte>)receipt.Encode())];
        byte[] canonical = RlpItem.List(
            RlpItem.Of(Format),
            RlpItem.Of(header.Hash.ToArray()),
            RlpItem.Of(header.Encoded),
            RlpItem.List([.. rawTransactions.Select(RlpItem.Of)]),
            RlpItem.List([.. rawReceipts.Select(RlpItem.Of)])).Encode();
        return new BlockEvidence(canonical, header, rawTransactions, rawReceipts);
    }

    /// <summary>Whether the header's two roots are those of the transactions and receipts.</summary>
    internal bool HasItsRoots() =>
        new Digest(MerklePatriciaTrie.RootOfList(RawTransactions)) == Header.TransactionsRoot
        && new Digest(MerklePatriciaTrie.RootOfList(RawReceipts)) == Header.ReceiptsRoot;
}
