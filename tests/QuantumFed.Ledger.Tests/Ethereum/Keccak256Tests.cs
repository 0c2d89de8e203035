using System.Text;
using System.Text.Json;

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
    public void Hashes_agree_with_ethers() => Agrees(TestFiles.Shared("ethers_hashes.json"));

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
