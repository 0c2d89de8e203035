using System.Numerics;
using System.Text;
using System.Text.Json;

namespace QuantumFed.Ledger.Tests;

public sealed class RlpItemTests
{
    [Fact]
    public void Every_invalid_encoding_kept_here_is_refused() => AllRefused(TestFiles.Vectors("rlp-invalid.json"));

    [Fact]
    public void Every_invalid_encoding_of_the_ethereum_tests_is_refused() => AllRefused(TestFiles.Shared("RLPTests/invalidRLPTest.json"));

    [Fact]
    public void Encodings_agree_with_the_ethereum_tests()
    {
        JsonElement tests = TestFiles.Shared("RLPTests/rlptest.json");
        Assert.Equal(28, tests.EnumerateObject().Count());
        foreach (JsonProperty test in tests.EnumerateObject())
            Agree(test.Name, FromTest(test.Value.GetProperty("in")), TestFiles.Hex(test.Value.GetProperty("out")));
    }

    [Fact]
    public void The_random_valid_encoding_of_the_ethereum_tests_is_read_and_written_again()
    {
        JsonElement test = Assert.Single(TestFiles.Shared("RLPTests/RandomRLPTests/example.json").EnumerateObject()).Value;
        Assert.Equal("VALID", test.GetProperty("in").GetString());
        byte[] encoded = TestFiles.Hex(test.GetProperty("out"));
        Assert.True(RlpItem.TryDecode(encoded, out RlpItem? item));
        Assert.Equal(encoded, item.Encode());
    }

    [Fact]
    public void Encodings_agree_with_ethers()
    {
        Assert.Equal(61, TestFiles.Shared("ethers_rlp.json").GetArrayLength());
        foreach (JsonElement test in TestFiles.Shared("ethers_rlp.json").EnumerateArray())
            Agree(test.GetProperty("name").GetString()!, FromEthers(test.GetProperty("decoded")), TestFiles.Hex(test.GetProperty("encoded")));
    }

    [Fact]
    public void Encoding_the_decoded_gives_the_same_bytes_or_there_is_no_decoded()
    {
        Random random = new(20260);
        int decoded = 0;
        byte[] lengths = [0x00, 0x01, 0x7F, 0x80, 0x81, 0xB7, 0xB8, 0xBF, 0xC0, 0xC1, 0xC2, 0xC8, 0xF7, 0xF8, 0xFF];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(12)];
            for (int j = 0; j < bytes.Length; j++)
                bytes[j] = lengths[random.Next(lengths.Length)];
            if (!RlpItem.TryDecode(bytes, out RlpItem? item))
                continue;
            decoded++;
            Assert.Equal(bytes, item.Encode());
        }
        Assert.InRange(decoded, 100, 19_900);
    }

    [Fact]
    public void Nesting_without_end_is_refused_and_not_followed()
    {
        byte[] bytes = new byte[4_000_000];
        // Each list says its payload is the rest: 0xFA and three bytes of length.
        for (int i = 0; i + 4 <= bytes.Length; i += 4)
        {
            int rest = bytes.Length - i - 4;
            (bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]) = (0xFA, (byte)(rest >> 16), (byte)(rest >> 8), (byte)rest);
        }
        Assert.False(RlpItem.TryDecode(bytes, out _));
    }

    [Fact]
    public void Integers_with_leading_zeros_are_no_integers()
    {
        Assert.False(RlpItem.Of(new byte[] { 0, 1 }).TryReadUInt64(out _));
        Assert.False(RlpItem.Of(new byte[] { 0 }).TryReadUInt256(out _));
        Assert.False(RlpItem.Of(new byte[9]).TryReadUInt64(out _));
        Assert.False(RlpItem.List().TryReadUInt64(out _));
        Assert.True(RlpItem.Of(ulong.MaxValue).TryReadUInt64(out ulong most));
        Assert.Equal(ulong.MaxValue, most);
    }

    private static void AllRefused(JsonElement vectors)
    {
        Assert.Equal(26, vectors.EnumerateObject().Count());
        foreach (JsonProperty test in vectors.EnumerateObject())
            Assert.False(RlpItem.TryDecode(TestFiles.Hex(test.Value.GetProperty("out")), out _), test.Name);
    }

    private static void Agree(string name, RlpItem item, byte[] encoded)
    {
        Assert.True(item.Encode().AsSpan().SequenceEqual(encoded), name);
        Assert.True(RlpItem.TryDecode(encoded, out RlpItem? decoded), name);
        Assert.Equal(encoded, decoded.Encode());
    }

    private static RlpItem FromTest(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => RlpItem.List([.. element.EnumerateArray().Select(FromTest)]),
        JsonValueKind.Number => RlpItem.Of(element.GetUInt64()),
        _ when element.GetString() is { } text && text.StartsWith('#') => RlpItem.Of(BigInteger.Parse(text[1..], null)),
        _ => RlpItem.Of(Encoding.UTF8.GetBytes(element.GetString()!)),
    };

    private static RlpItem FromEthers(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? RlpItem.List([.. element.EnumerateArray().Select(FromEthers)])
        : RlpItem.Of(TestFiles.Hex(element));
}
