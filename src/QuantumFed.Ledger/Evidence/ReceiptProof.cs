using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// One receipt of a block, and what shows that the block has it: the header and the nodes of the receipts' trie on the way to it. With
/// the block's hash it can be checked alone, without a node and without the block's other receipts. Immutable.
/// </summary>
/// <remarks>The bytes: RLP[format tag, header, index, [nodes from the root to the receipt]].</remarks>
public sealed class ReceiptProof
{
    private static readonly byte[] Format = Encoding.ASCII.GetBytes("quantumfed receipt proof 1");

    private readonly BlockEntryProof _proof;

    private ReceiptProof(BlockEntryProof proof) => _proof = proof;

    /// <summary>The number the header gives its block.</summary>
    public ulong BlockNumber => _proof.Header.Number;

    /// <summary>Where in the block the receipt's transaction stands, from 0.</summary>
    public uint Index => _proof.Index;

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> CanonicalBytes => _proof.CanonicalBytes;

    /// <summary>The proofs of all receipts of a block, in order; <see langword="false"/> if the block's header commits to other receipts.</summary>
    public static bool TryProveAll(BlockEvidence block, out ImmutableArray<ReceiptProof> proofs)
    {
        ArgumentNullException.ThrowIfNull(block);
        IEnumerable<BlockEntryProof>? all = BlockEntryProof.OfAll(Format, block.Header, block.Header.ReceiptsRoot, block.RawReceipts);
        proofs = all is null ? [] : [.. all.Select(proof => new ReceiptProof(proof))];
        return all is not null;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> if they are anything else. Whether they prove anything says <see cref="IsOf"/>.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> canonicalBytes, [NotNullWhen(true)] out ReceiptProof? proof)
    {
        proof = BlockEntryProof.TryParse(Format, canonicalBytes, out BlockEntryProof? read) ? new ReceiptProof(read) : null;
        return proof is not null;
    }

    /// <summary>Whether the block of that hash, which the caller must have from elsewhere, has this receipt, well-formed, at <see cref="Index"/>.</summary>
    public bool IsOf(Digest blockHash) => TryReadReceipt(blockHash, out _);

    /// <summary>The receipt, of a block of that hash; <see langword="false"/> if this does not prove one.</summary>
    internal bool TryReadReceipt(Digest blockHash, [NotNullWhen(true)] out ReceiptContent? receipt)
    {
        receipt = null;
        return _proof.TryReadEntry(blockHash, _proof.Header.ReceiptsRoot, out ReadOnlyMemory<byte> encoded) && ReceiptContent.TryParse(encoded, out receipt);
    }
}
