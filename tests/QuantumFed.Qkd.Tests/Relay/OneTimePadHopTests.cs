using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

public sealed class OneTimePadHopTests
{
    [Theory]
    [InlineData(1, 32)]
    [InlineData(2, 1)]
    [InlineData(3, 1000)]
    [InlineData(4, 32)]
    [InlineData(5, 4096)]
    [InlineData(16, 32)]
    public void A_chain_of_hops_hands_on_the_key_with_the_path_it_took(int hops, int bytes)
    {
        using RandomStream random = RandomStream.FromSeed("chain"u8, "hop");
        byte[] key = Bytes(random, bytes);
        RelayKeyId id = RelayKeyId.New();
        RelayPath path = RelayPath.From(Node(0));
        byte[] carried = key;
        for (int hop = 0; hop < hops; hop++)
        {
            byte[] hopKey = Bytes(random, OneTimePadHop.HopKeyBytes(bytes));
            Assert.Equal(8 * bytes + 256, 8 * hopKey.Length);
            byte[] message = OneTimePadHop.Seal(hopKey, id, path, carried);
            Assert.True(OneTimePadHop.TryReadKeyBytes(message, out int announced));
            Assert.Equal(bytes, announced);
            Assert.True(OneTimePadHop.TryOpen(hopKey, Node(hop), message, out RelayedKey? relayed));
            Assert.Equal(id, relayed.Id);
            Assert.Equal(Enumerable.Range(0, hop + 1).Select(Node), relayed.Path.Nodes);
            carried = relayed.Key.ToArray();
            Assert.Equal(hop + 1 < RelayPath.MostHops, relayed.Path.TryExtend(Node(hop + 1), out RelayPath? extended));
            path = extended ?? path;
        }
        Assert.Equal(key, carried);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused_and_so_is_every_other_length()
    {
        using RandomStream random = RandomStream.FromSeed("flip"u8, "hop");
        byte[] hopKey = Bytes(random, OneTimePadHop.HopKeyBytes(32));
        Assert.True(RelayPath.From(Node(0)).TryExtend(Node(1), out RelayPath? path));
        byte[] message = OneTimePadHop.Seal(hopKey, RelayKeyId.New(), path, Bytes(random, 32));
        for (int bit = 0; bit < 8 * message.Length; bit++)
        {
            byte[] changed = [.. message];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(OneTimePadHop.TryOpen(hopKey, Node(1), changed, out _));
        }

        for (int length = 0; length < message.Length; length++)
            Assert.False(OneTimePadHop.TryOpen(hopKey, Node(1), message.AsSpan(0, length), out _));
        Assert.False(OneTimePadHop.TryOpen(hopKey, Node(1), [.. message, 0], out _));
        Assert.True(OneTimePadHop.TryOpen(hopKey, Node(1), message, out _));
    }

    [Fact]
    public void A_wrong_key_or_a_wrong_sender_opens_nothing()
    {
        using RandomStream random = RandomStream.FromSeed("wrong"u8, "hop");
        byte[] hopKey = Bytes(random, OneTimePadHop.HopKeyBytes(32));
        byte[] message = OneTimePadHop.Seal(hopKey, RelayKeyId.New(), RelayPath.From(Node(0)), Bytes(random, 32));
        Assert.False(OneTimePadHop.TryOpen(hopKey, Node(1), message, out _));
        Assert.False(OneTimePadHop.TryOpen(hopKey.AsSpan(1), Node(0), message, out _));
        // The pad alone is not what authenticates: each bit of the tag's keys counts.
        for (int bit = 8 * 32; bit < 8 * hopKey.Length; bit++)
        {
            byte[] other = [.. hopKey];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(OneTimePadHop.TryOpen(other, Node(0), message, out _));
        }
    }

    [Fact]
    public void A_path_has_no_node_twice_and_sixteen_at_most()
    {
        RelayPath path = RelayPath.From(Node(0));
        for (int node = 1; node < RelayPath.MostHops; node++)
        {
            Assert.False(path.TryExtend(Node(0), out _));
            Assert.True(path.TryExtend(Node(node), out RelayPath? longer));
            path = longer;
        }
        Assert.False(path.TryExtend(Node(99), out _));
        Assert.False(path.TryExtend(default, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a/b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public void Names_are_plain(string name)
    {
        Assert.False(RelayNodeName.TryParse(name, out _));
        Assert.Throws<FormatException>(() => RelayNodeName.Parse(name));
    }

    [Fact]
    public void The_bytes_are_version_1()
    {
        byte[] hopKey = [.. Enumerable.Range(0, 36).Select(i => (byte)i)];
        byte[] message = OneTimePadHop.Seal(hopKey, new RelayKeyId(UInt128.One), RelayPath.From(RelayNodeName.Parse("a.b")), [1, 2, 3, 4]);
        string text = Convert.ToHexString(message);
        Assert.StartsWith("51462D484F502D31" + "00000000000000000000000000000001" + "01" + "03612E62" + "04000000" + "01030107", text, StringComparison.Ordinal);
        Assert.Equal(2 * (8 + 16 + 5 + 4 + 4 + 16), text.Length);
    }

    private static RelayNodeName Node(int number) => RelayNodeName.Parse($"node-{number}");

    private static byte[] Bytes(RandomStream random, int count)
    {
        byte[] bytes = new byte[count];
        random.Fill(bytes);
        return bytes;
    }
}
