using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

[Trait("Runs", "OnEveryPath")]
public sealed class KaheTests
{
    private static readonly KaheParameters s_parameters = KaheParameters.Create(4, 16);

    [Theory]
    [InlineData(2, 20, 2, 1)]
    [InlineData(2, 1, 2, 30_001)]
    [InlineData(4, 16, 4, 4062)]
    [InlineData(4, 16, 3, 4063)]
    [InlineData(10, 16, 10, 9000)]
    [InlineData(16, 8, 16, 6095)]
    [InlineData(50, 13, 20, 5000)]
    [InlineData(1000, 8, 12, 4500)]
    [InlineData(1000, 16, 12, 2032)]
    [InlineData(100, 32, 5, 2031)]
    public void Sum_of_encryptions_decrypts_to_sum(int parties, int bits, int members, int valueCount)
    {
        using KaheRound round = KaheRound.Run(KaheParameters.Create(parties, bits), members, valueCount);
        IEnumerable<int> all = Enumerable.Range(0, members);
        Assert.True(KaheDecryption.TryDecryptSum(
            round.Parameters, round.Elements, round.Sum(all), round.KeySum(all), members, valueCount, out ulong[]? sums, out string? failure), failure);
        Assert.Equal(round.ExpectedSums(all), sums);
    }

    [Fact]
    public void Full_sums_of_the_most_parties_do_not_carry_between_lanes()
    {
        KaheParameters parameters = KaheParameters.Create(100, 12);
        using KaheRound round = KaheRound.Run(parameters, 1, parameters.ValuesPerBlock);
        // A hundred times the same ciphertext: the largest lanes, and a hundredfold error, far beyond any real sum's.
        int[] hundred = new int[100];
        round.Values[0].AsSpan().Fill((1 << 12) - 1);
        KaheSecretKey key = KaheSecretKey.Generate(parameters);
        round.Keys[0] = key;
        round.Ciphertexts[0] = Kahe.Encrypt(parameters, key, round.Elements, round.Values[0]);
        Assert.Contains("residual error", round.Refusal(round.Sum(hundred), round.KeySum(hundred), 100));

        using KaheRound honest = KaheRound.Run(parameters, 100, parameters.ValuesPerBlock);
        IEnumerable<int> all = Enumerable.Range(0, 100);
        Assert.True(KaheDecryption.TryDecryptSum(
            parameters, honest.Elements, honest.Sum(all), honest.KeySum(all), 100, honest.ValueCount, out ulong[]? sums, out string? failure), failure);
        Assert.Equal(100UL * ((1 << 12) - 1), sums[0]);
        Assert.Equal(honest.ExpectedSums(all), sums);
    }

    [Fact]
    public void Ciphertexts_have_golden_bytes()
    {
        using RandomStream random = RandomStream.FromSeed([21], "golden");
        PublicElements elements = PublicElements.Expand(s_parameters, SHA256.HashData("golden"u8), 2);
        uint[] values = [.. Enumerable.Range(0, 5000).Select(i => (uint)(i * 13 % 65_536))];
        using KaheSecretKey key = KaheSecretKey.Generate(KaheParameterSet.Kahe2048, random);
        byte[] bytes = Kahe.Encrypt(s_parameters, key, elements, values, random).ToBytes();
        // The digest was computed by an independent program too (schoolbook arithmetic on integers, AES from OpenSSL).
        Assert.Equal(2 * 12_544, bytes.Length);
        Assert.Equal("b3746db56d49ac12394c5c9cfabac9bde77bf999288fe17f406f5434ddbacedf", Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void Public_elements_are_uniform_residues_of_the_documented_stream()
    {
        byte[] seed = SHA256.HashData("elements"u8);
        PublicElements elements = PublicElements.Expand(s_parameters, seed, 3);
        Modulus modulus = KaheParameterSet.Kahe2048.Rings[0].Modulus;
        double mean = 0;
        using var drawing = new ElementDrawing(KaheParameterSet.Kahe2048);
        for (int block = 0; block < 3; block++)
        {
            using RandomStream stream = RandomStream.FromSeed([.. seed, (byte)block, 0, 0, 0], PublicElements.Domain);
            foreach (double value in elements.Block(block, drawing).ToArray())
            {
                Assert.Equal(modulus.Centre(stream.NextUInt64() & ((1UL << 49) - 1)), value);
                mean += value / modulus.Value / (3 * 2048);
            }
        }
        // The mean of 6144 uniform values over (-1/2, 1/2) has deviation 0.0037; five of them.
        Assert.InRange(mean, -0.0185, 0.0185);
        Assert.Throws<ArgumentException>(() => PublicElements.Expand(s_parameters, new byte[31], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PublicElements.Expand(s_parameters, seed, 0));
    }

    [Fact]
    public void A_value_that_would_overflow_is_refused_by_its_index()
    {
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 1);
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        uint[] values = new uint[100];
        values[57] = 65_536;
        Assert.Contains("Value 57 ", Assert.Throws<ArgumentException>(() => Kahe.Encrypt(s_parameters, key, elements, values)).Message);
        values[57] = 65_535;
        Assert.Equal(1, Kahe.Encrypt(s_parameters, key, elements, values).Blocks);
    }

    [Fact]
    public void A_secret_encrypts_once()
    {
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 1);
        using KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        Assert.Throws<ArgumentException>(() => Kahe.Encrypt(s_parameters, key, elements, []));
        Assert.Throws<ArgumentException>(() => Kahe.Encrypt(s_parameters, key, elements, new uint[5000]));
        Kahe.Encrypt(s_parameters, key, elements, [1]);
        Assert.Throws<InvalidOperationException>(() => Kahe.Encrypt(s_parameters, key, elements, [1]));
    }

    [Fact]
    public void A_disposed_secret_is_erased_and_refuses()
    {
        PublicElements elements = PublicElements.Expand(s_parameters, new byte[32], 1);
        KaheSecretKey key = KaheSecretKey.Generate(s_parameters);
        ReadOnlySpan<int> coefficients = key.Coefficients;
        Assert.True(coefficients.ContainsAnyExcept(0));
        key.Dispose();
        Assert.False(coefficients.ContainsAnyExcept(0));
        Assert.Throws<ObjectDisposedException>(() => Kahe.Encrypt(s_parameters, key, elements, [1]));
        Assert.Throws<ObjectDisposedException>(() => SecretSharing.Deal(key, SharingParameters.ForCommittee(4)));
    }

    [Fact]
    public void Ciphertext_bytes_round_trip()
    {
        using KaheRound round = KaheRound.Run(s_parameters, 1, 5000);
        byte[] bytes = round.Ciphertexts[0].ToBytes();
        Assert.True(KaheCiphertext.TryParse(s_parameters, 2, bytes, out KaheCiphertext? parsed));
        Assert.Equal(bytes, parsed.ToBytes());
        Assert.False(KaheCiphertext.TryParse(s_parameters, 1, bytes, out _));
        Assert.False(KaheCiphertext.TryParse(s_parameters, 2, bytes.AsSpan(1), out _));
        bytes.AsSpan(49, 7).Fill(0xFF);
        Assert.False(KaheCiphertext.TryParse(s_parameters, 2, bytes, out _));
    }
}
