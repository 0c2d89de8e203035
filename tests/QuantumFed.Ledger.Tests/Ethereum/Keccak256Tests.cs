using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class Keccak256Tests
{
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Hash_of_known_text_is_known(string text, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(Keccak256.HashData(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Hashes_agree_with_the_vectors_kept_here() => Agrees(TestFiles.Vectors("keccak256.json"));

    [Fact]
    public void Hashes_agree_with_ethers()
    {
        JsonElement vectors = TestFiles.Shared("ethers_hashes.json");
        Assert.Equal(200, vectors.GetArrayLength());
        Agrees(vectors);
        // SHA-256, of which digests are made, is the platform's.
        foreach (JsonElement vector in vectors.EnumerateArray())
            Assert.Equal(TestFiles.Hex(vector.GetProperty("sha256")), Digest.Of(TestFiles.Hex(vector.GetProperty("data"))).ToArray());
    }

    [Fact]
    public void Every_length_up_to_three_blocks_hashes_as_the_sponge_of_the_standard_does()
    {
        byte[] data = [.. Enumerable.Range(0, 3 * Sponge.Rate + 2).Select(i => (byte)(i * 37))];
        for (int length = 0; length <= data.Length; length++)
            Assert.Equal(Sponge.Hash(data.AsSpan(0, length), 0x01), Keccak256.HashData(data.AsSpan(0, length)));
    }

    [Fact]
    public void The_sponge_these_tests_compare_with_is_the_standards()
    {
        // FIPS 202 differs in the padding only, and the platform has it.
        Assert.SkipUnless(SHA3_256.IsSupported, "needs SHA-3: OpenSSL 1.1.1 or newer");
        byte[] data = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 37))];
        for (int length = 0; length <= data.Length; length++)
            Assert.Equal(SHA3_256.HashData(data.AsSpan(0, length)), Sponge.Hash(data.AsSpan(0, length), 0x06));
    }

    [Fact]
    public void A_destination_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => Keccak256.HashData([], new byte[31]));

    private static void Agrees(JsonElement vectors)
    {
        Assert.NotEqual(0, vectors.GetArrayLength());
        foreach (JsonElement vector in vectors.EnumerateArray())
            Assert.Equal(TestFiles.Hex(vector.GetProperty("keccak256")), Keccak256.HashData(TestFiles.Hex(vector.GetProperty("data"))));
    }
}
