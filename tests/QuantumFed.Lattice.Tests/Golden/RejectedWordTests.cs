using System.Buffers.Binary;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Uniform draws leave out words that are too large, which random seeds meet once in 2^34 (elements modulo q) or 2^31 words (F_p). These
/// seeds were searched for: their streams have such a word.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class RejectedWordTests
{
    private const ulong Q = Modulus.LargestBelow2To49;

    [Fact]
    public void An_element_leaves_out_a_word_that_is_not_below_q()
    {
        const int Place = 1265;
        byte[] seed = new byte[PublicElements.SeedSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(seed, 334_977);
        using RandomStream stream = RandomStream.FromSeed([.. seed, 0, 0, 0, 0], PublicElements.Domain);
        ulong[] words = [.. Enumerable.Range(0, 2049).Select(_ => stream.NextUInt64() & ((1UL << 49) - 1))];
        Assert.InRange(words[Place], Q, ulong.MaxValue);

        ReadOnlySpan<double> element = PublicElements.Expand(KaheParameters.Create(4, 16), seed, 1).Values(0);
        double[] expected = [.. words.Where(word => word < Q).Select(word => (double)KaheParameterSet.Kahe2048.Rings[0].Modulus.Centre(word))];
        Assert.Equal(expected, element.ToArray());
    }

    [Fact]
    public void A_challenge_leaves_out_a_word_that_is_p()
    {
        const int Place = 4871;
        byte[] digest = new byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(digest, 587_394);
        using RandomStream stream = RandomStream.FromSeed(digest, ShareChallenge.Domain);
        byte[] bytes = new byte[sizeof(uint) * (3 * 2048 + 1)];
        stream.Fill(bytes);
        uint[] words = [.. Enumerable.Range(0, 3 * 2048 + 1).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i)) & MersenneField.P)];
        Assert.Equal(MersenneField.P, words[Place]);

        ShareChallenge challenge = ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, digest);
        uint[] drawn = [.. Enumerable.Range(0, 3).SelectMany(k => challenge.Row(k).ToArray())];
        Assert.Equal(words.Where(word => word != MersenneField.P), drawn);
    }
}
