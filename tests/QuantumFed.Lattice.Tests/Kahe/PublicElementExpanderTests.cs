using System.Security.Cryptography;

namespace QuantumFed.Lattice.Tests;

public sealed class PublicElementExpanderTests
{
    private const int ElementSizeInBytes = 16_384;
    private static readonly KaheParameters s_parameters = KaheParameters.Create(4, 16);
    private static readonly byte[] s_one = SHA256.HashData([1]), s_two = SHA256.HashData([2]);

    [Fact]
    public void Kept_and_drawn_elements_are_the_same()
    {
        using ElementDrawing drawing = new(KaheParameterSet.Kahe2048);
        PublicElements none = PublicElementExpander.Create(0).Expand(s_parameters, s_one, 5), all = PublicElementExpander.Create(1 << 20).Expand(s_parameters, s_one, 5);
        for (int block = 4; block >= 0; block--)
        {
            double[] kept = all.Block(block, drawing).ToArray();
            Assert.Equal(kept, all.Block(block, drawing).ToArray());
            Assert.Equal(kept, none.Block(block, drawing).ToArray());
        }
    }

    [Fact]
    public void Everybody_with_one_seed_shares_what_was_drawn_once()
    {
        PublicElementExpander expander = PublicElementExpander.Create(10 * ElementSizeInBytes);
        using ElementDrawing drawing = new(KaheParameterSet.Kahe2048);
        PublicElements first = expander.Expand(s_parameters, s_one, 5), second = expander.Expand(s_parameters, s_one, 3);
        Assert.True(first.Block(2, drawing) == second.Block(2, drawing), "Two copies are kept.");
        Assert.Equal(1 * ElementSizeInBytes, expander.KeptInBytes);
        Assert.Equal((5, 3), (first.Blocks, second.Blocks));
    }

    [Fact]
    public void No_more_is_kept_than_the_bound_and_older_seeds_give_way()
    {
        PublicElementExpander expander = PublicElementExpander.Create(4 * ElementSizeInBytes);
        using ElementDrawing drawing = new(KaheParameterSet.Kahe2048);
        PublicElements old = expander.Expand(s_parameters, s_one, 8), young = expander.Expand(s_parameters, s_two, 8);
        double[] before = old.Block(1, drawing).ToArray();
        for (int block = 0; block < 8; block++)
            _ = old.Block(block, drawing);
        Assert.Equal(4 * ElementSizeInBytes, expander.KeptInBytes);
        for (int block = 0; block < 3; block++)
            _ = young.Block(block, drawing);
        Assert.Equal(3 * ElementSizeInBytes, expander.KeptInBytes);
        Assert.Equal(before, old.Block(1, drawing).ToArray());
        Assert.Equal(3 * ElementSizeInBytes, expander.KeptInBytes);
        for (int block = 0; block < 8; block++)
            _ = young.Block(block, drawing);
        Assert.Equal(4 * ElementSizeInBytes, expander.KeptInBytes);
    }

    [Fact]
    public void Threads_that_ask_at_once_get_the_same_and_stay_within_the_bound()
    {
        PublicElementExpander expander = PublicElementExpander.Create(10 * ElementSizeInBytes);
        PublicElements elements = expander.Expand(s_parameters, s_one, 20), alone = PublicElementExpander.Create(0).Expand(s_parameters, s_one, 20);
        Parallel.For(0, 8, _ =>
        {
            using ElementDrawing drawing = new(KaheParameterSet.Kahe2048), other = new(KaheParameterSet.Kahe2048);
            for (int block = 0; block < 20; block++)
                Assert.True(elements.Block(block, drawing).SequenceEqual(alone.Block(block, other)));
        });
        Assert.InRange(expander.KeptInBytes, ElementSizeInBytes, 10 * ElementSizeInBytes);
    }

    [Fact]
    public void Seeds_of_which_nothing_is_drawn_are_not_kept_for_ever()
    {
        PublicElementExpander expander = PublicElementExpander.Create(1 << 20);
        using ElementDrawing drawing = new(KaheParameterSet.Kahe2048);
        PublicElements first = expander.Expand(s_parameters, s_one, 1);
        double[] before = first.Block(0, drawing).ToArray();
        byte[] seed = new byte[32];
        for (int i = 0; i < PublicElementExpander.MostSeeds; i++)
        {
            Assert.Equal(ElementSizeInBytes, expander.KeptInBytes);
            BitConverter.TryWriteBytes(seed, i);
            _ = expander.Expand(s_parameters, seed, 1);
        }
        Assert.Equal(0, expander.KeptInBytes);
        Assert.Equal(before, first.Block(0, drawing).ToArray());
        Assert.Equal(0, expander.KeptInBytes);
    }

    [Fact]
    public void A_bound_below_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => PublicElementExpander.Create(-1));
}
