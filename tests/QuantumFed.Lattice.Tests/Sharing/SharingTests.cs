using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class SharingTests
{
    private static readonly KaheParameters s_parameters = KaheParameters.Create(4, 16);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(7, 5)]
    [InlineData(10, 7)]
    public void The_default_threshold_is_the_protocols(int committee, int threshold)
    {
        SharingParameters sharing = SharingParameters.ForCommittee(committee);
        Assert.Equal(SharingParameters.Create(committee, threshold), sharing);
        Assert.True(2 * sharing.Threshold > committee + (committee - 1) / 3);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 0)]
    [InlineData(4, 5)]
    [InlineData(256, 3)]
    public void Committees_out_of_range_are_refused(int committee, int threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SharingParameters.Create(committee, threshold));

    [Fact]
    public void Any_t_share_sums_give_the_sum_of_the_secrets()
    {
        SharingParameters sharing = SharingParameters.Create(5, 3);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, dealers: 3);
        int[] expected = dealing.SecretSum();
        ShareSum[] sums = dealing.Sums();
        for (int set = 0; set < 1 << 5; set++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)set) != 3)
                continue;
            Dictionary<int, ShareSum> subset = Enumerable.Range(1, 5).Where(j => (set >> (j - 1) & 1) != 0).ToDictionary(j => j, j => sums[j - 1]);
            Assert.True(KeySumCombiner.TryCombine(s_parameters, sharing, 3, subset, out KeySum? keySum));
            Assert.Equal(expected, keySum.Coefficients.ToArray());
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 7)]
    [InlineData(255, 170)]
    public void Committees_of_every_size_recover_the_secret(int committee, int threshold)
    {
        SharingParameters sharing = SharingParameters.Create(committee, threshold);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, dealers: 1);
        Dictionary<int, ShareSum> last = Enumerable.Range(committee - threshold + 1, threshold).ToDictionary(j => j, j => dealing.Sums()[j - 1]);
        Assert.True(KeySumCombiner.TryCombine(s_parameters, sharing, 1, last, out KeySum? keySum));
        Assert.Equal(dealing.SecretSum(), keySum.Coefficients.ToArray());
    }

    [Fact]
    public void Fewer_than_t_shares_fit_every_secret_equally()
    {
        // For t - 1 shares and any other secret there is a dealing that gives the same shares: interpolate it, and see that it is one.
        SharingParameters sharing = SharingParameters.Create(4, 3);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, dealers: 1);
        uint[] seenByOne = dealing.Shares[0][1].Elements.ToArray(), seenByFour = dealing.Shares[0][4].Elements.ToArray();
        foreach (uint otherSecret in (uint[])[0, 1, 42, SharingParameters.FieldPrime - 42])
        {
            uint shareOfTwo = FieldVectors.DotProduct(LagrangeBasis.Over([0, 1, 4]).At(2), [otherSecret, seenByOne[0], seenByFour[0]]);
            uint secret = FieldVectors.DotProduct(LagrangeBasis.Over([1, 2, 4]).At(0), [seenByOne[0], shareOfTwo, seenByFour[0]]);
            Assert.Equal(otherSecret, secret);
        }
        Assert.Throws<ArgumentException>(() => KeySumCombiner.TryCombine(s_parameters, sharing, 1,
            new Dictionary<int, ShareSum> { [1] = dealing.Sums()[0], [4] = dealing.Sums()[3] }, out _));
    }

    [Fact]
    public void A_single_share_is_uniform_though_the_secret_is_short()
    {
        using Dealing dealing = Dealing.Of(s_parameters, SharingParameters.Create(4, 3), dealers: 16);
        int[] counts = new int[16];
        foreach (DealtShares shares in dealing.Shares)
        {
            foreach (uint element in shares[1].Elements[..2048])
                counts[element >> 27]++;
        }
        // Fresh randomness: chi-square with 15 degrees of freedom exceeds 60 with probability 2 * 10^-7.
        Assert.InRange(counts.Sum(c => (c - 2048.0) * (c - 2048.0) / 2048), 0, 60);
    }

    [Fact]
    public void A_wrong_share_sum_is_found()
    {
        SharingParameters sharing = SharingParameters.Create(7, 5);
        using Dealing dealing = Dealing.Of(s_parameters, sharing, dealers: 3);
        ShareSum[] sums = dealing.Sums();
        byte[] bytes = sums[6].ToBytes();
        bytes[4000] ^= 4;
        Assert.True(ShareSum.TryParse(KaheParameterSet.Kahe2048, bytes, out ShareSum? wrong));
        Dictionary<int, ShareSum> subset = Enumerable.Range(1, 5).ToDictionary(j => j, j => sums[j - 1]);
        Assert.Empty(KeySumCombiner.Inconsistent(sharing, subset, new Dictionary<int, ShareSum> { [6] = sums[5], [7] = sums[6] }));
        Assert.Equal([7], KeySumCombiner.Inconsistent(sharing, subset, new Dictionary<int, ShareSum> { [6] = sums[5], [7] = wrong }));
        Assert.Equal([7], KeySumCombiner.Inconsistent(sharing, subset, new Dictionary<int, ShareSum> { [7] = sums[5] }));

        subset.Remove(5);
        subset[7] = wrong;
        Assert.Equal([5, 6], KeySumCombiner.Inconsistent(sharing, subset, new Dictionary<int, ShareSum> { [5] = sums[4], [6] = sums[5] }));
        Assert.False(KeySumCombiner.TryCombine(s_parameters, sharing, 3, subset, out _));
        subset[7] = sums[4];
        Assert.False(KeySumCombiner.TryCombine(s_parameters, sharing, 3, subset, out _));
    }

    [Fact]
    public void Only_shares_of_one_receiver_add()
    {
        using Dealing dealing = Dealing.Of(s_parameters, SharingParameters.ForCommittee(4), dealers: 2);
        Assert.Throws<ArgumentException>(() => ShareSum.Of([dealing.Shares[0][1], dealing.Shares[1][2]]));
        Assert.Throws<ArgumentException>(() => ShareSum.Of([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => dealing.Shares[0][5]);
        Assert.Equal(1 + 2048 * 31 / 8, ShareSum.Of([dealing.Shares[0][3]]).ToBytes().Length);
    }

    [Fact]
    public void Shares_are_erased_on_dispose_and_refuse()
    {
        Dealing dealing = Dealing.Of(s_parameters, SharingParameters.ForCommittee(4), dealers: 1);
        SecretShare share = dealing.Shares[0][2];
        ReadOnlySpan<uint> elements = share.Elements;
        dealing.Dispose();
        Assert.False(elements.ContainsAnyExcept(0u));
        Assert.Throws<ObjectDisposedException>(share.ToBytes);
        Assert.Throws<ObjectDisposedException>(() => ShareSum.Of([share]));
    }

    [Fact]
    public void Field_arithmetic_equals_the_exact_one()
    {
        using RandomStream random = RandomStream.FromSeed([40], "test");
        const uint P = SharingParameters.FieldPrime;
        uint[] edges = [0, 1, 2, P / 2, P / 2 + 1, P - 2, P - 1];
        foreach (ulong x in (ulong[])[0, P - 1, P, P + 1UL, 2UL * P, (ulong)P * P, 1UL << 62, ulong.MaxValue, ulong.MaxValue - 1, .. Enumerable.Range(0, 1000).Select(_ => random.NextUInt64())])
            Assert.Equal((uint)(x % P), MersenneField.Reduce(x));
        foreach (uint x in edges)
        {
            foreach (uint y in edges)
            {
                Assert.Equal((uint)(((ulong)x + y) % P), MersenneField.Add(x, y));
                Assert.Equal((uint)(((ulong)x + P - y) % P), MersenneField.Subtract(x, y));
                Assert.Equal((uint)((ulong)x * y % P), MersenneField.Multiply(x, y));
            }
            Assert.Equal(x, MersenneField.FromInt32(MersenneField.Centre(x)));
            Assert.InRange(MersenneField.Centre(x), -(int)(P / 2), (int)(P / 2));
            Assert.Equal(x == 0 ? 0u : 1u, MersenneField.Multiply(x, MersenneField.Invert(x)));
        }
    }
}
