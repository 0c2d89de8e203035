using System.Numerics;

namespace QuantumFed.Lattice.Tests;

public sealed class KaheParametersTests
{
    // The n = 2048 column of the table in the protocol's description.
    [Theory]
    [InlineData(16, 16, 2, 40, 3.06)]
    [InlineData(10, 16, 2, 40, 3.06)]
    [InlineData(16, 8, 3, 36, 2.04)]
    [InlineData(50, 13, 2, 38, 3.06)]
    [InlineData(50, 16, 1, 22, 6.12)]
    [InlineData(100, 12, 2, 38, 3.06)]
    [InlineData(1000, 8, 2, 36, 3.06)]
    [InlineData(1000, 16, 1, 26, 6.12)]
    public void Derived_figures_are_those_of_the_protocol(int parties, int bits, int lanes, int plaintextBits, double bytesPerParameter)
    {
        KaheParameters parameters = KaheParameters.Create(parties, bits);
        Assert.Equal((lanes, plaintextBits), (parameters.Lanes, parameters.PlaintextBits));
        Assert.InRange(parameters.BytesPerParameter, bytesPerParameter - 0.001, bytesPerParameter + 0.006);
        Assert.Equal((2048, 49, 16, 2031 * lanes),
            (parameters.RingDegree, parameters.ModulusBits, parameters.ReservedCoefficients, parameters.ValuesPerBlock));
    }

    [Fact]
    public void Every_parameter_set_satisfies_its_bounds_and_has_no_room_for_another_lane()
    {
        foreach (int parties in (int[])[2, 3, 4, 10, 50, 1000, 100_000])
        {
            for (int bits = 1; bits <= 32; bits++)
            {
                BigInteger largestSum = parties * ((BigInteger.One << bits) - 1);
                int width = (int)largestSum.GetBitLength();
                double tail = 42.0 * parties * Math.Log(2) * 65;
                int bound = (int)Math.Ceiling(Math.Sqrt(tail));
                bool Fits(int lanes) => ((BigInteger)(bound + 1) << (width * lanes)) <= Modulus.LargestBelow2To49 / 2;
                if (!Fits(1))
                {
                    ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => KaheParameters.Create(parties, bits));
                    Assert.Contains($"w = {width} bits", refusal.Message);
                    Assert.Contains($"B = {bound}", refusal.Message);
                    continue;
                }
                KaheParameters parameters = KaheParameters.Create(parties, bits);
                Assert.Equal((width, bound), (parameters.LaneWidth, parameters.NoiseBound));
                Assert.True(Fits(parameters.Lanes) && !Fits(parameters.Lanes + 1));
                // Sums of secrets stay integers in the field of the shares.
                Assert.True(2L * parties * parameters.SecretBound < SharingParameters.FieldPrime);
            }
        }
    }

    // The n = 4096 column of the table in the protocol's description, in which 49 bits of each prime count.
    [Theory]
    [InlineData(16, 16, 4, 80, 3.06)]
    [InlineData(16, 13, 5, 85, 2.45)]
    [InlineData(50, 16, 4, 88, 3.06)]
    [InlineData(100, 15, 4, 88, 3.06)]
    [InlineData(100, 16, 3, 69, 4.08)]
    [InlineData(1000, 11, 4, 84, 3.06)]
    [InlineData(1000, 16, 3, 78, 4.08)]
    public void Derived_figures_of_the_larger_set_are_those_of_the_protocol(int parties, int bits, int lanes, int plaintextBits, double bytesPerParameter)
    {
        KaheParameters parameters = KaheParameters.Create(KaheParameterSet.Kahe4096, parties, bits);
        Assert.Equal((lanes, plaintextBits), (parameters.Lanes, parameters.PlaintextBits));
        Assert.InRange(parameters.BytesPerParameter, bytesPerParameter - 0.001, bytesPerParameter + 0.006);
        Assert.Equal((4096, 98, 4079 * lanes, 50_176), (parameters.RingDegree, parameters.ModulusBits, parameters.ValuesPerBlock, parameters.CiphertextSizeInBytes(1)));
    }

    [Theory]
    [InlineData(10, 16, 1_048_576, "KAHE-2048-49")]
    [InlineData(16, 16, 1_048_576, "KAHE-2048-49")]
    [InlineData(17, 16, 1_048_576, "KAHE-4096-98")]
    [InlineData(255, 16, 1_048_576, "KAHE-4096-98")]
    [InlineData(255, 16, 2031, "KAHE-2048-49")]
    [InlineData(255, 16, 9000, "KAHE-2048-49")]
    [InlineData(4, 26, 500, "KAHE-2048-49")]
    [InlineData(100_000, 32, 1, "KAHE-4096-98")]
    public void A_larger_set_is_taken_only_where_it_spares_a_quarter_of_the_bytes(int parties, int bits, int values, string set)
    {
        KaheParameters chosen = KaheParameters.For(parties, bits, values);
        Assert.Equal(set, chosen.Set.Name);
        Assert.True(chosen.BlocksFor(values) > 0);
    }

    [Fact]
    public void Every_set_keeps_its_published_limits_and_its_primes_are_the_largest_that_suit()
    {
        Assert.Equal([(54, 51), (109, 101)], KaheParameterSet.All.Select(set => (set.MostBitsClassical, set.MostBitsQuantum)));
        foreach (KaheParameterSet set in KaheParameterSet.All)
        {
            Assert.InRange(set.ModulusBits, 1, Math.Min(set.MostBitsClassical, set.MostBitsQuantum));
            ulong step = 2 * (ulong)set.RingDegree, candidate = ((1UL << 49) - 2) / step * step + 1;
            foreach (ulong prime in set.Primes)
            {
                for (; candidate > prime; candidate -= step)
                    Assert.False(Modulus.TryCreate(candidate, out _));
                Assert.True(Modulus.TryCreate(candidate, out _));
                candidate -= step;
            }
        }
    }

    [Fact]
    public void Keys_elements_and_ciphertexts_of_different_sets_do_not_mix()
    {
        KaheParameters small = KaheParameters.Create(4, 16), large = KaheParameters.Create(KaheParameterSet.Kahe4096, 4, 16);
        PublicElements elements = PublicElements.Expand(small, new byte[32], 1);
        using KaheSecretKey key = KaheSecretKey.Generate(large), fitting = KaheSecretKey.Generate(small);
        Assert.Throws<ArgumentException>(() => Kahe.Encrypt(small, key, elements, [1]));
        Assert.Throws<ArgumentException>(() => Kahe.Encrypt(large, key, elements, [1]));
        KaheCiphertext ciphertext = Kahe.Encrypt(small, fitting, elements, [1]);
        Assert.Throws<ArgumentException>(() => KaheAccumulator.Create(large, 1).Add(ciphertext));
        Assert.False(KaheCiphertext.TryParse(large, 1, ciphertext.Bytes.Span, out _));
        using DealtShares shares = SecretSharing.Deal(fitting, SharingParameters.Create(3, 2));
        byte[] share = shares[1].ToBytes(), sum = ShareSum.Of([shares[1]]).ToBytes();
        Assert.False(SecretShare.TryParse(large.Set, share, out _));
        Assert.False(ShareSum.TryParse(large.Set, sum, out _));
        Assert.Throws<ArgumentException>(() => shares[1].MaskedCombination(ShareChallenge.FromDigest(large.Set, new byte[32])));
        using DealtShares others = SecretSharing.Deal(key, SharingParameters.Create(3, 2));
        Assert.Throws<ArgumentException>(() => ShareSum.Of([shares[1], others[1]]));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(100_001, 16)]
    [InlineData(10, 0)]
    [InlineData(10, 33)]
    public void What_does_not_fit_is_refused(int parties, int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KaheParameters.Create(parties, bits));

    [Fact]
    public void Sizes_follow_from_the_number_of_values()
    {
        KaheParameters parameters = KaheParameters.Create(10, 16);
        Assert.Equal((1, 1, 2, 259), (parameters.BlocksFor(1), parameters.BlocksFor(4062), parameters.BlocksFor(4063), parameters.BlocksFor(1_048_576)));
        Assert.Equal(12_544, parameters.CiphertextSizeInBytes(1));
        Assert.Equal(12_544 * parameters.MaxBlocks, parameters.CiphertextSizeInBytes(parameters.MaxBlocks));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.BlocksFor(0));
        Assert.Contains("528677 blocks", Assert.Throws<ArgumentOutOfRangeException>(() => parameters.BlocksFor(int.MaxValue)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => KaheParameters.For(10, 16, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.CiphertextSizeInBytes(parameters.MaxBlocks + 1));
    }
}
