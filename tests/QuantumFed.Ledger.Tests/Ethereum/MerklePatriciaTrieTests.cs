using System.Text;
using System.Text.Json;

namespace QuantumFed.Ledger.Tests;

public sealed class MerklePatriciaTrieTests
{
    private static readonly byte[] EmptyRoot = TestFiles.Hex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");

    [Fact]
    public void Roots_agree_with_the_vectors_kept_here() => Agree(TestFiles.Vectors("trie-any-order.json"), secure: false, 7);

    [Theory]
    [InlineData("trieanyorder.json", false, 7)]
    [InlineData("trieanyorder_secureTrie.json", true, 7)]
    [InlineData("trietest.json", false, 5)]
    [InlineData("trietest_secureTrie.json", true, 3)]
    [InlineData("hex_encoded_securetrie_test.json", true, 3)]
    public void Roots_agree_with_the_ethereum_tests(string file, bool secure, int cases) => Agree(TestFiles.Shared($"TrieTests/{file}"), secure, cases);

    [Fact]
    public void The_root_of_nothing_is_the_hash_of_the_empty_string() => Assert.Equal(EmptyRoot, MerklePatriciaTrie.RootOfList([]));

    [Fact]
    public void The_root_of_a_list_depends_on_its_order()
    {
        ReadOnlyMemory<byte>[] list = [.. Enumerable.Range(1, 300).Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes(i))];
        byte[] root = MerklePatriciaTrie.RootOfList(list);
        (list[127], list[128]) = (list[128], list[127]);
        Assert.NotEqual(root, MerklePatriciaTrie.RootOfList(list));
    }

    [Fact]
    public void A_key_twice_or_an_empty_value_is_refused()
    {
        KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> entry = new(new byte[] { 1 }, new byte[] { 2 });
        Assert.Throws<ArgumentException>(() => MerklePatriciaTrie.RootOf([entry, entry]));
        Assert.Throws<ArgumentException>(() => MerklePatriciaTrie.RootOfList([ReadOnlyMemory<byte>.Empty]));
    }

    private static void Agree(JsonElement tests, bool secure, int cases)
    {
        Assert.Equal(cases, tests.EnumerateObject().Count());
        foreach (JsonProperty test in tests.EnumerateObject())
        {
            Dictionary<string, string> entries = [];
            JsonElement input = test.Value.GetProperty("in");
            IEnumerable<(string Key, string? Value)> writes = input.ValueKind == JsonValueKind.Object
                ? input.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString()))
                : input.EnumerateArray().Select(entry => (entry[0].GetString()!, entry[1].GetString()));
            foreach ((string key, string? value) in writes)
            {
                if (value is null)
                    entries.Remove(key);
                else
                    entries[key] = value;
            }
            byte[] Key(string key) => secure ? Keccak256.HashData(Bytes(key)) : Bytes(key);
            MerklePatriciaTrie trie = MerklePatriciaTrie.Of(entries.Select(entry =>
                new KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(Key(entry.Key), Bytes(entry.Value))));
            Assert.True(trie.Root.ToArray().AsSpan().SequenceEqual(TestFiles.Hex(test.Value.GetProperty("root"))), test.Name);
            // Whatever was written and not erased is proved present; the erased, and what never was, absent.
            foreach ((string key, _) in writes.Append(("never", null)))
                TrieProofTests.ShowsOnly(trie, Key(key), entries.TryGetValue(key, out string? kept) ? Bytes(kept) : default);
        }
    }

    private static byte[] Bytes(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) ? TestFiles.Hex(text) : Encoding.UTF8.GetBytes(text);
}
