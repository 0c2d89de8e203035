using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What proofs of a block's transactions and of its receipts have in common: the header, the index and the nodes. Immutable.</summary>
/// <remarks>The bytes: RLP[format tag, header, index, [nodes]].</remarks>
internal sealed class BlockEntryProof
{
    private readonly TrieProof _proof;

    private BlockEntryProof(byte[] canonical, BlockHeader header, uint index, TrieProof proof)
    {
        CanonicalBytes = canonical;
        Header = header;
        Index = index;
        _proof = proof;
    }

    public ReadOnlyMemory<byte> CanonicalBytes { get; }

    public BlockHeader Header { get; }

    public uint Index { get; }

    /// <summary>The proofs of all entries of a block, of which the trie is built once; null if the entries do not have that root.</summary>
    public static IEnumerable<BlockEntryProof>? OfAll(byte[] format, BlockHeader header, Digest root, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        MerklePatriciaTrie trie = MerklePatriciaTrie.OfList(entries);
        return trie.Root == root ? entries.Select((_, i) => Create(format, header, (uint)i, trie)) : null;
    }

    /// <summary>Reads canonical bytes; <see langword="false"/> if they are anything else. Whether they prove anything is <see cref="TryReadEntry"/>.</summary>
    public static bool TryParse(byte[] format, ReadOnlyMemory<byte> canonicalBytes, [NotNullWhen(true)] out BlockEntryProof? proof)
    {
        proof = null;
        if (canonicalBytes.Length > BlockEvidence.MaxSizeInBytes)
            return false;
        byte[] canonical = canonicalBytes.ToArray();
        if (!RlpItem.TryDecode(canonical, out RlpItem? item)
            || item.Items is not [{ IsList: false } tag, { IsList: false } header, var number, { IsList: true } nodes]
            || !tag.Bytes.Span.SequenceEqual(format) || !number.TryReadUInt64(out ulong index) || index > uint.MaxValue
            || nodes.Items.Any(node => node.IsList) || !BlockHeader.TryParse(header.Bytes, out BlockHeader? parsed))
            return false;
        proof = new BlockEntryProof(canonical, parsed, (uint)index, new TrieProof(nodes.Items.Select(node => node.Bytes)));
        return true;
    }

    /// <summary>The entry, if the header is that block's and the nodes lead from the root, which is the header's, to it.</summary>
    public bool TryReadEntry(Digest blockHash, Digest root, out ReadOnlyMemory<byte> entry)
    {
        entry = default;
        return Header.Hash == blockHash && _proof.TryReadValue(root, MerklePatriciaTrie.ListKey(Index), out entry);
    }

    private static BlockEntryProof Create(byte[] format, BlockHeader header, uint index, MerklePatriciaTrie trie)
    {
        TrieProof proof = trie.ProofOf(MerklePatriciaTrie.ListKey(index));
        byte[] canonical = RlpItem.List(
            RlpItem.Of(format), RlpItem.Of(header.Encoded), RlpItem.Of((ulong)index), RlpItem.List([.. proof.Nodes.Select(RlpItem.Of)])).Encode();
        return new BlockEntryProof(canonical, header, index, proof);
    }
}
