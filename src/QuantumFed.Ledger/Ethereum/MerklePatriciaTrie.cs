using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// A modified Merkle-Patricia trie (Yellow Paper, appendix D) over given keys and values: its root, which a block header says of its
/// transactions and receipts, and proofs of what is in it. Immutable.
/// </summary>
public sealed class MerklePatriciaTrie
{
    private static readonly RlpItem Empty = RlpItem.Of(ReadOnlyMemory<byte>.Empty);

    private readonly byte[]? _root;
    private readonly Dictionary<Digest, byte[]> _nodes;

    private MerklePatriciaTrie(byte[]? root, Dictionary<Digest, byte[]> nodes)
    {
        _root = root;
        _nodes = nodes;
        Root = Keccak256.DigestOf(root ?? Empty.Encode());
    }

    /// <summary>The root.</summary>
    public Digest Root { get; }

    /// <summary>The trie of a list, keyed by the RLP of each index.</summary>
    /// <exception cref="ArgumentException">A value is empty.</exception>
    public static MerklePatriciaTrie OfList(IReadOnlyList<ReadOnlyMemory<byte>> values) => Of(ListEntries(values));

    /// <summary>The trie of entries whose keys differ and whose values are not empty.</summary>
    /// <exception cref="ArgumentException">A key stands twice, or a value is empty.</exception>
    public static MerklePatriciaTrie Of(IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> entries)
    {
        Leaf[] leaves = LeavesOf(entries);
        Dictionary<Digest, byte[]> nodes = [];
        return new MerklePatriciaTrie(leaves.Length == 0 ? null : NodeOf(leaves, 0, nodes).Encode(), nodes);
    }

    /// <summary>The key of a list's entry: the RLP of its index.</summary>
    public static byte[] ListKey(ulong index) => RlpItem.Of(index).Encode();

    /// <summary>The root, 32 bytes, over a list, keyed by the RLP of each index.</summary>
    /// <exception cref="ArgumentException">A value is empty.</exception>
    public static byte[] RootOfList(IReadOnlyList<ReadOnlyMemory<byte>> values) => RootOf(ListEntries(values));

    /// <summary>The root, 32 bytes, over entries whose keys differ and whose values are not empty.</summary>
    /// <exception cref="ArgumentException">A key stands twice, or a value is empty.</exception>
    public static byte[] RootOf(IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> entries)
    {
        Leaf[] leaves = LeavesOf(entries);
        return Keccak256.HashData((leaves.Length == 0 ? Empty : NodeOf(leaves, 0, null)).Encode());
    }

    /// <summary>The proof that the trie has the key, or has it not.</summary>
    public TrieProof ProofOf(ReadOnlySpan<byte> key)
    {
        if (_root is null)
            return new TrieProof([]);
        ReadOnlyMemory<byte> node = _root;
        List<ReadOnlyMemory<byte>> nodes = [node];
        for (int depth = 0; ;)
        {
            switch (TrieNode.Follow(node, key, ref depth, out ReadOnlyMemory<byte> next))
            {
                case TrieStep.Hash:
                    node = _nodes[new Digest(next.Span)];
                    nodes.Add(node);
                    break;
                case TrieStep.Embedded:
                    node = next;
                    break;
                default:
                    return new TrieProof(nodes);
            }
        }
    }

    private static IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> ListEntries(IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Select((value, i) => new KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(ListKey((ulong)i), value));
    }

    private static Leaf[] LeavesOf(IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Leaf[] leaves = [.. entries.Select(entry => new Leaf(NibblesOf(entry.Key.Span), entry.Value))];
        Array.Sort(leaves, (x, y) => x.Path.AsSpan().SequenceCompareTo(y.Path));
        for (int i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Value.IsEmpty)
                throw new ArgumentException("An empty value means an absent key.", nameof(entries));
            if (i > 0 && leaves[i].Path.AsSpan().SequenceEqual(leaves[i - 1].Path))
                throw new ArgumentException("A key stands twice.", nameof(entries));
        }
        return leaves;
    }

    private readonly record struct Leaf(byte[] Path, ReadOnlyMemory<byte> Value);

    // All leaves share their first `depth` nibbles and are sorted.
    private static RlpItem NodeOf(ReadOnlySpan<Leaf> leaves, int depth, Dictionary<Digest, byte[]>? nodes)
    {
        Leaf first = leaves[0];
        if (leaves.Length == 1)
            return RlpItem.List(RlpItem.Of(HexPrefix(first.Path.AsSpan(depth), leaf: true)), RlpItem.Of(first.Value));
        int shared = first.Path.AsSpan(depth).CommonPrefixLength(leaves[^1].Path.AsSpan(depth));
        if (shared > 0)
            return RlpItem.List(RlpItem.Of(HexPrefix(first.Path.AsSpan(depth, shared), leaf: false)), Reference(NodeOf(leaves, depth + shared, nodes), nodes));

        RlpItem[] branch = new RlpItem[17];
        Array.Fill(branch, Empty);
        if (first.Path.Length == depth)
        {
            branch[16] = RlpItem.Of(first.Value);
            leaves = leaves[1..];
        }
        while (!leaves.IsEmpty)
        {
            byte nibble = leaves[0].Path[depth];
            int count = 1;
            while (count < leaves.Length && leaves[count].Path[depth] == nibble)
                count++;
            branch[nibble] = Reference(NodeOf(leaves[..count], depth + 1, nodes), nodes);
            leaves = leaves[count..];
        }
        return RlpItem.List(branch);
    }

    // Nodes shorter than a hash stand in their parent themselves; the others are kept where proofs are wanted.
    private static RlpItem Reference(RlpItem node, Dictionary<Digest, byte[]>? nodes)
    {
        byte[] encoded = node.Encode();
        if (encoded.Length < Keccak256.SizeInBytes)
            return node;
        Digest hash = Keccak256.DigestOf(encoded);
        nodes?.TryAdd(hash, encoded);
        return RlpItem.Of(hash.ToArray());
    }

    private static byte[] NibblesOf(ReadOnlySpan<byte> key)
    {
        byte[] nibbles = new byte[2 * key.Length];
        for (int i = 0; i < key.Length; i++)
        {
            nibbles[2 * i] = (byte)(key[i] >> 4);
            nibbles[2 * i + 1] = (byte)(key[i] & 0x0F);
        }
        return nibbles;
    }

    // Appendix C: a flag nibble (2 for a leaf, 1 for an odd count), a zero nibble if the count is even, then the nibbles.
    private static byte[] HexPrefix(ReadOnlySpan<byte> nibbles, bool leaf)
    {
        bool odd = nibbles.Length % 2 == 1;
        byte[] packed = new byte[nibbles.Length / 2 + 1];
        packed[0] = (byte)((leaf ? 0x20 : 0) | (odd ? 0x10 | nibbles[0] : 0));
        nibbles = odd ? nibbles[1..] : nibbles;
        for (int i = 0; i < nibbles.Length; i += 2)
            packed[i / 2 + 1] = (byte)(nibbles[i] << 4 | nibbles[i + 1]);
        return packed;
    }
}
