namespace QuantumFed.Ledger;

/// <summary>
/// The root of a modified Merkle-Patricia trie (Yellow Paper, appendix D) over given keys and values: what a block header says of its
/// transactions and receipts.
/// </summary>
public static class MerklePatriciaTrie
{
    private static readonly RlpItem Empty = RlpItem.Of(ReadOnlyMemory<byte>.Empty);

    /// <summary>The root over a list, keyed by the RLP of each index.</summary>
    public static byte[] RootOfList(IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return RootOf(values.Select((value, i) => new KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(RlpItem.Of((ulong)i).Encode(), value)));
    }

    /// <summary>The root, 32 bytes, over entries whose keys differ and whose values are not empty.</summary>
    /// <exception cref="ArgumentException">A key stands twice, or a value is empty.</exception>
    public static byte[] RootOf(IEnumerable<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> entries)
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
        return Keccak256.HashData((leaves.Length == 0 ? Empty : NodeOf(leaves, 0)).Encode());
    }

    private readonly record struct Leaf(byte[] Path, ReadOnlyMemory<byte> Value);

    // All leaves share their first `depth` nibbles and are sorted.
    private static RlpItem NodeOf(ReadOnlySpan<Leaf> leaves, int depth)
    {
        Leaf first = leaves[0];
        if (leaves.Length == 1)
            return RlpItem.List(RlpItem.Of(HexPrefix(first.Path.AsSpan(depth), leaf: true)), RlpItem.Of(first.Value));
        int shared = first.Path.AsSpan(depth).CommonPrefixLength(leaves[^1].Path.AsSpan(depth));
        if (shared > 0)
            return RlpItem.List(RlpItem.Of(HexPrefix(first.Path.AsSpan(depth, shared), leaf: false)), Reference(NodeOf(leaves, depth + shared)));

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
            branch[nibble] = Reference(NodeOf(leaves[..count], depth + 1));
            leaves = leaves[count..];
        }
        return RlpItem.List(branch);
    }

    // Nodes shorter than a hash stand in their parent themselves.
    private static RlpItem Reference(RlpItem node)
    {
        byte[] encoded = node.Encode();
        return encoded.Length < Keccak256.SizeInBytes ? node : RlpItem.Of(Keccak256.HashData(encoded));
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
