using QuantumFed.Randomness;

namespace QuantumFed.Qkd.Tests;

/// <summary>A long key in parts: reconciled batch by batch, every parity counted alike at both ends, and joined again without the parts that failed.</summary>
public sealed class CascadePartsTests
{
    [Theory]
    [InlineData(50_000)]
    [InlineData(200_001)]
    [InlineData(3_350_000)]
    public void Parts_of_any_number_are_reconciled_and_both_ends_count_the_same(int bits)
    {
        using RandomStream random = RandomStream.FromSeed("parts"u8, "ends");
        NoisyKey keys = NoisyKey.Draw(bits, bits / 100, random);
        using var parts = new CascadeParts(bits, 0.01, NoisyKey.Seed(1));
        Assert.Equal((bits + CascadeParts.PartBits - 1) / CascadeParts.PartBits, parts.Count);
        Assert.Equal(bits, Enumerable.Range(0, parts.Count).Sum(parts.BitsOf));
        using var asker = new CascadeAsker(parts, keys.Noisy);
        using var answerer = new CascadeAnswerer(parts, keys.Reference);
        int messages = 0;
        for (; asker.IsAsking; messages++)
            asker.Handle(answerer.Answer(asker.Questions()));
        Assert.All(asker.Reconciled, part => Assert.Equal(1, part));
        Assert.Equal(keys.Reference, keys.Noisy);
        Assert.Equal(asker.LeakedBits, answerer.LeakedBits);
        Assert.InRange(ReconciliationEfficiency.Of(asker.LeakedBits, bits, 0.01), 1, 1.15);
        // A batch shares its round trips.
        Assert.InRange(messages, 50, 600 * ((parts.Count + CascadeParts.BatchSize - 1) / CascadeParts.BatchSize));
    }

    [Fact]
    public void Joining_leaves_out_what_is_not_kept_and_nothing_else()
    {
        const int Bits = 430_017;
        using RandomStream random = RandomStream.FromSeed("join"u8, "ends");
        ulong[] key = NoisyKey.Draw(Bits, 0, random).Reference;
        using var parts = new CascadeParts(Bits, 0.01, []);
        for (int choice = 0; choice < 1 << parts.Count; choice++)
        {
            byte[] kept = [.. Enumerable.Range(0, parts.Count).Select(part => (byte)(choice >> part & 1))];
            ulong[] joined = parts.Join(key, kept);
            Assert.Equal(PackedBits.WordsFor(parts.BitsOf(kept)), joined.Length);
            Assert.Equal(Enumerable.Range(0, parts.Count).Where(part => kept[part] == 1).SelectMany(part => parts.Of(key, part).ToArray()), joined);
        }
    }

    [Theory]
    [InlineData(new byte[] { 7 })]
    [InlineData(new byte[] { 7, 0 })]
    [InlineData(new byte[] { 7, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 7, 0, 255, 255, 255, 255, 1, 0 })]
    [InlineData(new byte[] { 7, 0, 3, 0, 0, 0, 1, 0 })]
    [InlineData(new byte[] { 7, 1, 2, 0, 0, 0, 1, 0 })]
    [InlineData(new byte[] { 7, 200, 2, 0, 0, 0, 1, 0 })]
    [InlineData(new byte[] { 7, 0, 2, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 1 })]
    [InlineData(new byte[] { 7, 0, 2, 0, 0, 0, 1, 5 })]
    public void Malformed_questions_are_refused(byte[] questions)
    {
        using RandomStream random = RandomStream.FromSeed("join"u8, "ends");
        using var parts = new CascadeParts(1000, 0.01, []);
        using var answerer = new CascadeAnswerer(parts, NoisyKey.Draw(1000, 0, random).Reference);
        Assert.Throws<LinkProtocolException>(() => answerer.Answer(questions));
        Assert.Equal(questions.Length > 10 ? 10 : 0, answerer.LeakedBits);
    }
}
