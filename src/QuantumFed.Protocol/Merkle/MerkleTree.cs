using System.Security.Cryptography;

namespace QuantumFed.Protocol;

/// <summary>The Merkle tree hash of RFC 6962, section 2.1: leaves and nodes hashed under different prefixes, any number of leaves.</summary>
public static class MerkleTree
{
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The root over <paramref name="leaves"/> in their order; of no leaves, SHA-256 of nothing.</summary>
    public static Digest RootOf(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0)
            return Digest.Of([]);
        var hashes = new Digest[leaves.Count];
        for (int i = 0; i < hashes.Length; i++)
            hashes[i] = HashLeaf(leaves[i]);
        return Fold(hashes);
    }

    /// <summary>The hash of one leaf: SHA-256(0x00, leaf).</summary>
    public static Digest HashLeaf(ReadOnlySpan<byte> leaf)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([LeafPrefix]);
        sha.AppendData(leaf);
        return new Digest(sha.GetHashAndReset());
    }

    // MTH(D[n]) = SHA-256(0x01, MTH(D[0:k]), MTH(D[k:n])), k the largest power of two below n.
    private static Digest Fold(ReadOnlySpan<Digest> hashes)
    {
        if (hashes.Length == 1)
            return hashes[0];
        int k = 1 << (31 - int.LeadingZeroCount(hashes.Length - 1));
        Span<byte> node = stackalloc byte[1 + 2 * Digest.SizeInBytes];
        node[0] = NodePrefix;
        Fold(hashes[..k]).CopyTo(node[1..]);
        Fold(hashes[k..]).CopyTo(node[(1 + Digest.SizeInBytes)..]);
        return Digest.Of(node);
    }
}
