namespace QuantumFed.Lattice.Tests;

public sealed class KaheDecryptionTests : IDisposable
{
    private const int Members = 4;
    private readonly KaheRound _round = KaheRound.Run(KaheParameters.Create(Members, 16), Members, 5000);

    public void Dispose() => _round.Dispose();

    [Fact]
    public void A_wrong_key_sum_is_refused()
    {
        int[] coefficients = _round.KeySum(0, 1, 2).Coefficients.ToArray();
        coefficients[1000] ^= 1;
        Assert.True(KeySum.TryCreate(_round.Parameters, 3, coefficients, out KeySum? wrong));
        Assert.Contains("residual error", _round.Refusal(_round.Sum(0, 1, 2), wrong, 3));
    }

    [Fact]
    public void A_missing_member_is_refused() => Assert.NotEmpty(_round.Refusal(_round.Sum(0, 1), _round.KeySum(0, 1, 2), 3));

    [Fact]
    public void An_extra_member_is_refused() => Assert.NotEmpty(_round.Refusal(_round.Sum(0, 1, 2, 3), _round.KeySum(0, 1, 2), 3));

    [Fact]
    public void Another_member_than_agreed_is_refused() => Assert.NotEmpty(_round.Refusal(_round.Sum(0, 1, 3), _round.KeySum(0, 1, 2), 3));

    [Fact]
    public void A_count_that_is_not_the_number_of_summed_members_is_refused()
    {
        Assert.True(KeySum.TryCreate(_round.Parameters, 4, _round.KeySum(0, 1, 2).Coefficients, out KeySum? keySum));
        Assert.Contains("count field says 3, not 4", _round.Refusal(_round.Sum(0, 1, 2), keySum, 4));
        Assert.Contains("opened for 4", _round.Refusal(_round.Sum(0, 1, 2), keySum, 3));
    }

    [Theory]
    [InlineData(0, 1, "reserved coefficient")]
    [InlineData(15, 65_535, "reserved coefficient")]
    [InlineData(16, 1, "count field")]
    [InlineData(17, 1L << 47, "residual error")]
    [InlineData(2047, -(1L << 47), "residual error")]
    public void An_altered_ciphertext_is_refused(int coefficient, long change, string reason) =>
        Assert.Contains(reason, _round.Refusal(Altered(_round.Sum(0, 1, 2), coefficient, change), _round.KeySum(0, 1, 2), 3));

    [Fact]
    public void A_lane_beyond_what_the_members_could_sum_to_is_refused()
    {
        // Lane 0 of block 0 is the largest sum already.
        string refusal = _round.Refusal(Altered(_round.Sum(0, 1, 2), 17, 1), _round.KeySum(0, 1, 2), 3);
        Assert.Contains($"lane 0 holds {3 * 65_535 + 1}", refusal);
    }

    [Fact]
    public void An_unused_lane_that_is_not_zero_is_refused() =>
        Assert.Contains("unused lane 938", _round.Refusal(Altered(_round.Sum(0, 1, 2), 2048 + 17 + 938 / 2, 1), _round.KeySum(0, 1, 2), 3));

    [Fact]
    public void Another_number_of_values_is_refused()
    {
        Assert.Contains("unused lane", _round.Refusal(_round.Sum(0, 1, 2), _round.KeySum(0, 1, 2), 3, 4999));
        Assert.Contains("blocks", _round.Refusal(_round.Sum(0, 1, 2), _round.KeySum(0, 1, 2), 3, 100));
    }

    [Fact]
    public void Numbers_out_of_range_are_the_callers_mistake()
    {
        KaheCiphertext sum = _round.Sum(0, 1, 2);
        KeySum keySum = _round.KeySum(0, 1, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => _round.Refusal(sum, keySum, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => _round.Refusal(sum, keySum, 0));
        Assert.Throws<ArgumentException>(() => _round.Refusal(sum, keySum, 3, 1_000_000));
        Assert.True(KeySum.TryCreate(KaheParameters.Create(1000, 8), 1000, keySum.Coefficients, out KeySum? ofMore));
        Assert.Throws<ArgumentOutOfRangeException>(() => KaheDecryptor.Create(_round.Parameters, _round.Elements, ofMore, 1));
    }

    [Fact]
    public void Key_sums_beyond_the_secrets_range_are_refused()
    {
        int[] coefficients = new int[2048];
        coefficients[5] = -84;
        Assert.True(KeySum.TryCreate(_round.Parameters, 2, coefficients, out _));
        foreach (int wrong in (int[])[85, -85, int.MaxValue, int.MinValue])
        {
            coefficients[5] = wrong;
            Assert.False(KeySum.TryCreate(_round.Parameters, 2, coefficients, out _));
        }
        Assert.False(KeySum.TryCreate(_round.Parameters, 2, new int[2047], out _));
    }

    private static KaheCiphertext Altered(KaheCiphertext ciphertext, int coefficient, long change)
    {
        byte[] bytes = ciphertext.ToBytes();
        ulong[] residues = new ulong[ciphertext.Blocks * KaheParameterSet.Kahe2048.Rings[0].Degree];
        Assert.True(CoefficientPacking.TryUnpack(bytes, residues, KaheParameterSet.Kahe2048.Rings[0].Modulus.Value));
        ulong difference = KaheParameterSet.Kahe2048.Rings[0].Modulus.ToResidue(change);
        residues[coefficient] = (residues[coefficient] + difference) % KaheParameterSet.Kahe2048.Rings[0].Modulus.Value;
        CoefficientPacking.Pack(residues, bytes);
        return new KaheCiphertext(KaheParameterSet.Kahe2048, bytes);
    }
}
