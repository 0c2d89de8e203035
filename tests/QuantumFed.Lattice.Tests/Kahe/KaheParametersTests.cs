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

    [Theory]
    [InlineData(1, 16)]
    [InlineData(100_001, 16)]
    [InlineData(10, 0)]
    [InlineData(10, 33)]
    [InlineData(100_000, 32)]
    public void What_does_not_fit_is_refused(int parties, int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KaheParameters.Create(parties, bits));

    [Fact]
    public void Sizes_follow_from_the_number_of_values()
    {
        KaheParameters parameters = KaheParameters.Create(10, 16);
        Assert.Equal((1, 1, 2, 259), (parameters.BlocksFor(1), parameters.BlocksFor(4062), parameters.BlocksFor(4063), parameters.BlocksFor(1_048_576)));
        Assert.Equal(12_544, parameters.CiphertextSizeInBytes(1));
        Assert.Equal(12_544 * KaheParameters.MaxBlocks, parameters.CiphertextSizeInBytes(KaheParameters.MaxBlocks));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.BlocksFor(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.BlocksFor(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.CiphertextSizeInBytes(KaheParameters.MaxBlocks + 1));
    }
}
