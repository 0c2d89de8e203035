using System.Security.Cryptography;

namespace QuantumFed.Lattice.Tests;

public sealed class DegreeCheckTests
{
    private static readonly KaheParameters s_parameters = KaheParameters.Create(4, 16);
    private static readonly ShareChallenge s_challenge = ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, SHA256.HashData("challenge"u8));

    [Theory]
    [InlineData(4, 3)]
    [InlineData(10, 7)]
    [InlineData(40, 20)]
    public void An_honest_dealer_passes(int committee, int threshold)
    {
        SharingParameters sharing = SharingParameters.Create(committee, threshold);
        Dictionary<int, ShareCheckValue> values = CheckValues(sharing, _ => false);
        Assert.True(DegreeCheck.IsConsistent(sharing, values));
        Assert.True(DegreeCheck.TryLocateWrong(sharing, values, out IReadOnlyList<int> wrong));
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(10, 7)]
    public void A_dealer_of_shares_of_too_high_a_degree_fails(int committee, int threshold)
    {
        // Shares of a polynomial of degree t, one more than allowed.
        SharingParameters sharing = SharingParameters.Create(committee, threshold);
        Dictionary<int, ShareCheckValue> values = CheckValues(SharingParameters.Create(committee, threshold + 1), _ => false);
        Assert.False(DegreeCheck.IsConsistent(sharing, values));
    }

    [Fact]
    public void A_dealer_who_changes_one_element_of_one_share_fails()
    {
        SharingParameters sharing = SharingParameters.Create(4, 3);
        for (int receiver = 1; receiver <= 4; receiver++)
            Assert.False(DegreeCheck.IsConsistent(sharing, CheckValues(sharing, j => j == receiver)));
    }

    [Fact]
    public void Up_to_e_wrong_receivers_are_named()
    {
        SharingParameters sharing = SharingParameters.Create(9, 4);
        foreach (int[] liars in (int[][])[[1], [9], [3, 7], [1, 2], [8, 9]])
        {
            Dictionary<int, ShareCheckValue> values = CheckValues(sharing, liars.Contains);
            Assert.False(DegreeCheck.IsConsistent(sharing, values));
            Assert.True(DegreeCheck.TryLocateWrong(sharing, values, out IReadOnlyList<int> wrong));
            Assert.Equal(liars, wrong);
        }
        Assert.False(DegreeCheck.TryLocateWrong(sharing, CheckValues(sharing, j => j is 2 or 5 or 8), out _));
    }

    [Fact]
    public void A_liar_in_a_large_committee_is_named_in_time()
    {
        SharingParameters sharing = SharingParameters.Create(100, 60);
        Assert.True(DegreeCheck.TryLocateWrong(sharing, CheckValues(sharing, j => j % 10 == 3), out IReadOnlyList<int> wrong));
        Assert.Equal([3, 13, 23, 33, 43, 53, 63, 73, 83, 93], wrong);
    }

    [Fact]
    public void Where_no_value_is_spare_a_liar_is_noticed_but_not_named()
    {
        SharingParameters sharing = SharingParameters.Create(4, 3);
        Assert.False(DegreeCheck.TryLocateWrong(sharing, CheckValues(sharing, j => j == 2), out IReadOnlyList<int> wrong));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Too_few_values_and_unknown_receivers_are_the_callers_mistake()
    {
        SharingParameters sharing = SharingParameters.Create(4, 3);
        Dictionary<int, ShareCheckValue> values = CheckValues(sharing, _ => false);
        values.Remove(1);
        Assert.True(DegreeCheck.IsConsistent(sharing, values));
        values[5] = default;
        Assert.Throws<ArgumentException>(() => DegreeCheck.IsConsistent(sharing, values));
        values.Remove(5);
        values.Remove(2);
        Assert.Throws<ArgumentException>(() => DegreeCheck.IsConsistent(sharing, values));
        Assert.Throws<ArgumentException>(() => DegreeCheck.TryLocateWrong(sharing, values, out _));
    }

    [Fact]
    public void Check_values_depend_on_the_challenge_and_have_canonical_bytes()
    {
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        using DealtShares shares = SecretSharing.Deal(key, SharingParameters.Create(4, 3));
        ShareCheckValue value = shares[1].MaskedCombination(s_challenge);
        ShareChallenge other = ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, new byte[32]);
        Assert.True(SecretShare.TryParse(KaheParameterSet.Kahe2048, shares[1].ToBytes(), out SecretShare? again));
        using (again)
            Assert.NotEqual(value, again.MaskedCombination(other));
        // The masks hide one combination: the same question gets the same answer, another none.
        Assert.Equal(value, shares[1].MaskedCombination(ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, SHA256.HashData("challenge"u8))));
        Assert.Throws<InvalidOperationException>(() => shares[1].MaskedCombination(other));
        Assert.True(ShareCheckValue.TryParse(value.ToBytes(), out ShareCheckValue parsed));
        Assert.Equal(value, parsed);
        Assert.False(ShareCheckValue.TryParse(new byte[11], out _));
        for (int k = 0; k < 3; k++)
        {
            byte[] bytes = value.ToBytes();
            BitConverter.TryWriteBytes(bytes.AsSpan(4 * k), SharingParameters.FieldPrime);
            Assert.False(ShareCheckValue.TryParse(bytes, out _));
        }
        Assert.Throws<ArgumentException>(() => ShareChallenge.FromDigest(KaheParameterSet.Kahe2048, new byte[31]));
    }

    /// <summary>Check values of one dealing; the chosen receivers' shares have one bit of one element changed.</summary>
    private static Dictionary<int, ShareCheckValue> CheckValues(SharingParameters sharing, Func<int, bool> isWrong)
    {
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        using DealtShares shares = SecretSharing.Deal(key, sharing);
        var values = new Dictionary<int, ShareCheckValue>();
        for (int j = 1; j <= sharing.CommitteeSize; j++)
        {
            byte[] bytes = shares[j].ToBytes();
            if (isWrong(j))
                bytes[1 + 100 * j % 7000] ^= 1;
            Assert.True(SecretShare.TryParse(KaheParameterSet.Kahe2048, bytes, out SecretShare? share));
            using (share)
                values[j] = share.MaskedCombination(s_challenge);
        }
        return values;
    }
}
