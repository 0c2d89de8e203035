using System.Text;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class TrieProofTests
{
    private static readonly RlpItem Empty = RlpItem.Of(ReadOnlyMemory<byte>.Empty);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(129)]
    [InlineData(300)]
    public void Every_entry_of_a_list_is_shown_present_and_the_next_index_absent(int count)
    {
        ReadOnlyMemory<byte>[] list = [.. Enumerable.Range(0, count).Select(Value)];
        MerklePatriciaTrie trie = MerklePatriciaTrie.OfList(list);
        Assert.Equal(MerklePatriciaTrie.RootOfList(list), trie.Root.ToArray());
        for (int i = 0; i < count; i++)
            ShowsOnly(trie, MerklePatriciaTrie.ListKey((ulong)i), list[i]);
        for (int i = count; i < count + 20; i++)
            ShowsOnly(trie, MerklePatriciaTrie.ListKey((ulong)i), default);
    }

    [Fact]
    public void A_trie_of_short_values_stands_in_few_nodes_and_proves_every_key()
    {
        // Values of a byte make leaves, branches and extensions shorter than a hash, which stand in their parents.
        Dictionary<string, byte[]> entries = [];
        foreach (string key in new[] { "a", "ab", "abc", "abd", "b", "bcdefgh", "bcdefgi", "" })
            entries[key] = [(byte)(entries.Count + 1)];
        MerklePatriciaTrie trie = MerklePatriciaTrie.Of(entries.Select(entry => Entry(Encoding.UTF8.GetBytes(entry.Key), entry.Value)));
        foreach ((string key, byte[] value) in entries)
            ShowsOnly(trie, Encoding.UTF8.GetBytes(key), value);
        foreach (string key in new[] { "c", "abe", "abcd", "bcdefg", "bcdefgj", "bcdefghi", "\u0001" })
            ShowsOnly(trie, Encoding.UTF8.GetBytes(key), default);
        MerklePatriciaTrie small = MerklePatriciaTrie.Of([Entry([0x11], [1]), Entry([0x12], [2])]);
        ShowsOnly(small, [0x12], new byte[] { 2 });
        Assert.Single(small.ProofOf([0x12]).Nodes);
    }

    [Fact]
    public void A_trie_without_keys_has_none_and_only_its_own_root()
    {
        MerklePatriciaTrie trie = MerklePatriciaTrie.Of([]);
        Assert.True(trie.ProofOf([1]).ShowsAbsence(trie.Root, [1]));
        Assert.False(trie.ProofOf([1]).TryReadValue(trie.Root, [1], out _));
        Assert.False(new TrieProof([]).ShowsAbsence(Digest.Of([1]), [1]));
    }

    [Fact]
    public void Every_changed_bit_missing_node_or_node_too_many_makes_a_proof_worthless()
    {
        MerklePatriciaTrie trie = MerklePatriciaTrie.OfList([.. Enumerable.Range(0, 40).Select(Value)]);
        foreach (ulong index in new ulong[] { 0, 1, 39, 40, 200 })
        {
            byte[] key = MerklePatriciaTrie.ListKey(index);
            byte[][] nodes = [.. trie.ProofOf(key).Nodes.Select(node => node.ToArray())];
            for (int i = 0; i < nodes.Length; i++)
            {
                for (int bit = 0; bit < 8 * nodes[i].Length; bit++)
                {
                    nodes[i][bit / 8] ^= (byte)(1 << (bit % 8));
                    ShowsNothing(trie.Root, key, nodes);
                    nodes[i][bit / 8] ^= (byte)(1 << (bit % 8));
                }
                ShowsNothing(trie.Root, key, [.. nodes[..i], .. nodes[(i + 1)..]]);
                ShowsNothing(trie.Root, key, [.. nodes[..i], nodes[i], .. nodes[i..]]);
                ShowsNothing(trie.Root, key, [.. nodes[..i], nodes[i][..^1], .. nodes[(i + 1)..]]);
                ShowsNothing(trie.Root, key, [.. nodes[..i], [.. nodes[i], 0], .. nodes[(i + 1)..]]);
            }
            ShowsNothing(trie.Root, key, [.. nodes, nodes[^1]]);
            ShowsNothing(Digest.Of([1]), key, nodes);
        }
    }

    [Fact]
    public void A_proof_for_one_key_shows_nothing_of_another_with_a_leaf_of_its_own()
    {
        MerklePatriciaTrie trie = MerklePatriciaTrie.OfList([.. Enumerable.Range(0, 40).Select(i => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)i, 40).ToArray())]);
        for (ulong i = 0; i < 40; i++)
        {
            for (ulong j = 0; j < 40; j++)
            {
                if (i != j)
                    ShowsNothing(trie.Root, MerklePatriciaTrie.ListKey(j), [.. trie.ProofOf(MerklePatriciaTrie.ListKey(i)).Nodes.Select(node => node.ToArray())]);
            }
        }
    }

    [Fact]
    public void Nodes_no_trie_makes_are_refused_under_their_own_hash()
    {
        byte[] key = [0x12];
        RlpItem value = RlpItem.Of(new byte[40]);
        RlpItem hash = RlpItem.Of(new byte[32]);
        RlpItem[] branch = [.. Enumerable.Repeat(Empty, 17)];
        RlpItem[] malformed =
        [
            RlpItem.Of(new byte[40]), RlpItem.List(), RlpItem.List(value), RlpItem.List(value, value, value), RlpItem.List(branch),
            RlpItem.List([.. branch, Empty]), RlpItem.List([hash, .. branch[1..]]), RlpItem.List([.. branch[..15], hash, RlpItem.List()]),
            RlpItem.List([hash, RlpItem.Of(new byte[31]), .. branch[2..]]), RlpItem.List([hash, RlpItem.Of(new byte[33]), .. branch[2..]]),
            RlpItem.List([hash, RlpItem.List(), .. branch[2..]]), RlpItem.List([hash, RlpItem.List(Path(0x20), value), .. branch[2..]]),
            RlpItem.List(Path(0x20, 0x12), Empty), RlpItem.List(Path(0x21, 0x12), value), RlpItem.List(Path(0x40, 0x12), value),
            RlpItem.List(Empty, value), RlpItem.List(RlpItem.List(), value), RlpItem.List(Path(0x20, 0x12), RlpItem.List(value)),
            RlpItem.List(Path(0x00), hash), RlpItem.List(Path(0x01), hash), RlpItem.List(Path(0x00, 0x12), value),
            RlpItem.List(Path(0x11), RlpItem.List(Path(0x32), RlpItem.Of(new byte[] { 1 }))),
        ];
        foreach (RlpItem item in malformed)
        {
            byte[] node = item.Encode();
            ShowsNothing(Keccak256.DigestOf(node), key, [node]);
        }
        byte[] leaf = RlpItem.List(Path(0x32), value).Encode();
        Assert.True(new TrieProof([RlpItem.List(Path(0x20, 0x12), value).Encode()])
            .TryReadValue(Keccak256.DigestOf(RlpItem.List(Path(0x20, 0x12), value).Encode()), key, out _));

        // An extension before a leaf, and a node named by its hash though it is short enough to stand in its parent.
        byte[] extension = RlpItem.List(Path(0x11), RlpItem.Of(Keccak256.HashData(leaf))).Encode();
        ShowsNothing(Keccak256.DigestOf(extension), key, [extension, leaf]);
        byte[] shortLeaf = RlpItem.List(Path(0x32), RlpItem.Of(new byte[] { 1 })).Encode();
        branch[1] = RlpItem.Of(Keccak256.HashData(shortLeaf));
        branch[2] = hash;
        byte[] parent = RlpItem.List(branch).Encode();
        ShowsNothing(Keccak256.DigestOf(parent), key, [parent, shortLeaf]);
        branch[1] = RlpItem.Of(Keccak256.HashData(leaf));
        parent = RlpItem.List(branch).Encode();
        Assert.True(new TrieProof([parent, leaf]).TryReadValue(Keccak256.DigestOf(parent), key, out _));
    }

    [Fact]
    public void Random_nodes_never_throw_and_an_accepted_one_is_strict_RLP()
    {
        const int Seed = 20_261;
        Random random = new(Seed);
        byte[] starts = [0x00, 0x20, 0x31, 0x80, 0x81, 0xA0, 0xB7, 0xB8, 0xC0, 0xC1, 0xC2, 0xC4, 0xC8, 0xD1, 0xF7, 0xF8, 0xFF];
        int wellFormed = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] node = new byte[1 + random.Next(i % 2 == 0 ? 12 : 60)];
            for (int j = 0; j < node.Length; j++)
                node[j] = random.Next(4) == 0 ? (byte)random.Next(256) : starts[random.Next(starts.Length)];
            if (i % 2 == 0)
                node[0] = (byte)(0xC0 + node.Length - 1);
            TrieProof proof = new([node]);
            Digest root = Keccak256.DigestOf(node);
            byte[] key = [(byte)random.Next(256), (byte)random.Next(256)];
            bool present = proof.TryReadValue(root, key, out ReadOnlyMemory<byte> value), absent = proof.ShowsAbsence(root, key);
            Assert.False(present && absent);
            Assert.Equal(present, !value.IsEmpty);
            if (!TrieNode.IsWellFormed(node))
            {
                Assert.False(present || absent, $"seed {Seed}, number {i}");
                continue;
            }
            wellFormed++;
            Assert.True(RlpItem.TryDecode(node, out RlpItem? item) && item.Items.Count is 2 or 17);
        }
        Assert.InRange(wellFormed, 100, 100_000);
    }

    [Fact]
    public void Keys_of_the_ordered_list_of_the_ethereum_tests_are_present_and_the_others_absent()
    {
        JsonElement test = TestFiles.Shared("TrieTests/trietestnextprev.json").GetProperty("basic");
        string[] keys = [.. test.GetProperty("in").EnumerateArray().Select(key => key.GetString()!)];
        MerklePatriciaTrie trie = MerklePatriciaTrie.Of(keys.Select(key => Entry(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(key))));
        int count = 0;
        foreach (string key in test.GetProperty("tests").EnumerateArray().Select(row => row[0].GetString()!))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(key);
            ShowsOnly(trie, bytes, keys.Contains(key) ? bytes : default);
            count++;
        }
        Assert.Equal(12, count);
    }

    /// <summary>Present with that value, or, where it is empty, absent; never both.</summary>
    internal static void ShowsOnly(MerklePatriciaTrie trie, byte[] key, ReadOnlyMemory<byte> value)
    {
        TrieProof proof = trie.ProofOf(key);
        Assert.Equal(!value.IsEmpty, proof.TryReadValue(trie.Root, key, out ReadOnlyMemory<byte> shown));
        Assert.Equal(value.ToArray(), shown.ToArray());
        Assert.Equal(value.IsEmpty, proof.ShowsAbsence(trie.Root, key));
    }

    private static void ShowsNothing(Digest root, byte[] key, byte[][] nodes)
    {
        TrieProof proof = new(nodes.Select(node => (ReadOnlyMemory<byte>)node));
        Assert.False(proof.TryReadValue(root, key, out _));
        Assert.False(proof.ShowsAbsence(root, key));
    }

    private static RlpItem Path(params byte[] packed) => RlpItem.Of(packed);

    private static ReadOnlyMemory<byte> Value(int i) => Enumerable.Repeat((byte)(i + 1), 1 + i * 7 % 90).Append((byte)(i >> 8)).ToArray();

    private static KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Entry(byte[] key, byte[] value) => new(key, value);
}
