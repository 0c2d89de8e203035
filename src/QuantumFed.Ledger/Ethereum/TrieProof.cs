using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// What shows, to whoever knows a Merkle-Patricia trie's root, that the trie has a value for a key, or has none: the encoded nodes on the key's
/// way from the root. Nodes that stand in another are not listed again. Immutable.
/// </summary>
public sealed class TrieProof
{
    // keccak256(RLP("")), the root of a trie without keys.
    private static readonly Digest EmptyRoot = Digest.Parse("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

    private readonly ReadOnlyMemory<byte>[] _nodes;

    /// <summary>A proof of these nodes, from the root on; the memory is referred to, not copied.</summary>
    public TrieProof(IEnumerable<ReadOnlyMemory<byte>> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _nodes = [.. nodes];
    }

    /// <summary>The nodes, from the root on; none for a trie without keys.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Nodes => _nodes;

    /// <summary>
    /// Whether the trie of that root has the key, and its value, which is never empty and lies in a node's memory. <see langword="false"/> if the
    /// nodes show the opposite, or nothing: one is missing, malformed, altered or of no use.
    /// </summary>
    public bool TryReadValue(Digest root, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value) =>
        TryFollow(root, key, out value) && !value.IsEmpty;

    /// <summary>
    /// Whether the trie of that root has no such key. <see langword="false"/> if the nodes show the opposite, or nothing: one is missing,
    /// malformed, altered or of no use.
    /// </summary>
    public bool ShowsAbsence(Digest root, ReadOnlySpan<byte> key) =>
        TryFollow(root, key, out ReadOnlyMemory<byte> value) && value.IsEmpty;

    // Every node takes at least one nibble of the key, so hostile nodes are at most one more than those are followed.
    private bool TryFollow(Digest root, ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (_nodes.Length == 0)
            return root == EmptyRoot;
        Span<byte> expected = stackalloc byte[Digest.SizeInBytes];
        root.CopyTo(expected);
        ReadOnlyMemory<byte> node = default;
        bool mustBranch = false;
        TrieStep step = TrieStep.Hash;
        for (int used = 0, depth = 0; ;)
        {
            if (step == TrieStep.Hash)
            {
                if (used == _nodes.Length || !IsNode(_nodes[used].Span, expected, isRoot: used == 0))
                    return false;
                node = _nodes[used++];
            }
            if (mustBranch && !TrieNode.IsBranch(node.Span))
                return false;
            mustBranch = TrieNode.IsExtension(node.Span);
            step = TrieNode.Follow(node, key, ref depth, out ReadOnlyMemory<byte> next);
            switch (step)
            {
                case TrieStep.Hash:
                    next.Span.CopyTo(expected);
                    break;
                case TrieStep.Embedded:
                    node = next;
                    break;
                default:
                    value = next;
                    return used == _nodes.Length;
            }
        }
    }

    // A node shorter than a hash stands in its parent, so none but the root may be named by its hash.
    private static bool IsNode(ReadOnlySpan<byte> node, ReadOnlySpan<byte> expected, bool isRoot)
    {
        Span<byte> hash = stackalloc byte[Keccak256.SizeInBytes];
        if ((!isRoot && node.Length < Keccak256.SizeInBytes) || !TrieNode.IsWellFormed(node))
            return false;
        Keccak256.HashData(node, hash);
        return hash.SequenceEqual(expected);
    }
}
