namespace QuantumFed.Ledger;

/// <summary>
/// Reads an encoded node of a Merkle-Patricia trie (Yellow Paper, appendix D) in place: a branch of 16 children and a value, an extension, or a
/// leaf. Hashes come from hostile proofs, so the form is held as narrowly as an honest trie makes it.
/// </summary>
internal static class TrieNode
{
    private const int Children = 16;
    private const int BranchItems = Children + 1;

    // Appendix C, flags of the first nibble.
    private const int Leaf = 2;
    private const int Odd = 1;

    /// <summary>
    /// Whether the bytes are one node as a trie encodes it: a branch with at least two ways on, an extension with a path and a child, or a leaf with
    /// a value; children are hashes, or well-formed nodes shorter than a hash.
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> node)
    {
        if (!RlpItem.TryReadHeader(node, out bool isList, out int header, out int length) || !isList || header + length != node.Length)
            return false;
        ReadOnlySpan<byte> items = node[header..];
        int count = 0, filled = 0;
        bool isBranch = true;
        ReadOnlySpan<byte> first = default, second = default;
        while (!items.IsEmpty)
        {
            if (count == BranchItems || !RlpItem.TryReadHeader(items, out isList, out header, out length))
                return false;
            ReadOnlySpan<byte> item = items[..(header + length)];
            if (count == 0)
                first = item;
            if (count == 1)
                second = item;
            isBranch &= count < Children ? length == 0 || IsChild(item) : !isList;
            filled += length > 0 ? 1 : 0;
            items = items[item.Length..];
            count++;
        }
        return count == 2 ? IsShort(first, second) : count == BranchItems && isBranch && filled >= 2;
    }

    /// <summary>Whether a well-formed node is a branch: only that may follow an extension.</summary>
    public static bool IsBranch(ReadOnlySpan<byte> node)
    {
        ReadOnlySpan<byte> items = ItemsOf(node);
        return Rest(Rest(items)).Length > 0;
    }

    /// <summary>Whether a well-formed node is an extension.</summary>
    public static bool IsExtension(ReadOnlySpan<byte> node) => !IsBranch(node) && (PathOf(ItemsOf(node))[0] >> 4 & Leaf) == 0;

    /// <summary>Follows a key through a well-formed node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="key">The whole key.</param>
    /// <param name="depth">How many of the key's nibbles are behind; moved on.</param>
    /// <param name="next">The value, hash or embedded node the way leads to.</param>
    public static TrieStep Follow(ReadOnlyMemory<byte> node, ReadOnlySpan<byte> key, ref int depth, out ReadOnlyMemory<byte> next)
    {
        ReadOnlySpan<byte> items = ItemsOf(node.Span);
        next = default;
        if (IsBranch(node.Span))
        {
            bool atEnd = depth == 2 * key.Length;
            for (int skipped = atEnd ? Children : NibbleAt(key, depth++); skipped > 0; skipped--)
                items = Rest(items);
            return Take(node, items, isValue: atEnd, out next);
        }
        ReadOnlySpan<byte> path = PathOf(items);
        int flags = path[0] >> 4;
        int start = (flags & Odd) != 0 ? 1 : 2;
        int nibbles = 2 * path.Length - start;
        bool isLeaf = (flags & Leaf) != 0;
        if (isLeaf ? nibbles != 2 * key.Length - depth : nibbles > 2 * key.Length - depth)
            return TrieStep.Absent;
        for (int i = 0; i < nibbles; i++)
        {
            if (NibbleAt(path, start + i) != NibbleAt(key, depth + i))
                return TrieStep.Absent;
        }
        depth += nibbles;
        return Take(node, Rest(items), isLeaf, out next);
    }

    private static TrieStep Take(ReadOnlyMemory<byte> node, ReadOnlySpan<byte> items, bool isValue, out ReadOnlyMemory<byte> next)
    {
        _ = RlpItem.TryReadHeader(items, out bool isList, out int header, out int length);
        int start = node.Length - items.Length;
        next = isList ? node.Slice(start, header + length) : node.Slice(start + header, length);
        return length == 0 ? TrieStep.Absent : isValue ? TrieStep.Value : isList ? TrieStep.Embedded : TrieStep.Hash;
    }

    private static bool IsChild(ReadOnlySpan<byte> item)
    {
        _ = RlpItem.TryReadHeader(item, out bool isList, out _, out int length);
        return isList ? item.Length < Keccak256.SizeInBytes && IsWellFormed(item) : length == Keccak256.SizeInBytes;
    }

    private static bool IsShort(ReadOnlySpan<byte> path, ReadOnlySpan<byte> second)
    {
        _ = RlpItem.TryReadHeader(path, out bool isList, out int header, out int length);
        if (isList || length == 0)
            return false;
        ReadOnlySpan<byte> packed = path[header..];
        int flags = packed[0] >> 4;
        if (flags > (Leaf | Odd) || ((flags & Odd) == 0 && (packed[0] & 0x0F) != 0))
            return false;
        _ = RlpItem.TryReadHeader(second, out bool isSecondList, out _, out int secondLength);
        if ((flags & Leaf) != 0)
            return !isSecondList && secondLength > 0;
        bool hasPath = packed.Length > 1 || (flags & Odd) != 0;
        return hasPath && IsChild(second) && (!isSecondList || IsBranch(second));
    }

    private static ReadOnlySpan<byte> ItemsOf(ReadOnlySpan<byte> node)
    {
        _ = RlpItem.TryReadHeader(node, out _, out int header, out _);
        return node[header..];
    }

    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> items)
    {
        _ = RlpItem.TryReadHeader(items, out _, out int header, out int length);
        return items.Slice(header, length);
    }

    private static ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> items)
    {
        _ = RlpItem.TryReadHeader(items, out _, out int header, out int length);
        return items[(header + length)..];
    }

    private static int NibbleAt(ReadOnlySpan<byte> bytes, int index) => index % 2 == 0 ? bytes[index / 2] >> 4 : bytes[index / 2] & 0x0F;
}
