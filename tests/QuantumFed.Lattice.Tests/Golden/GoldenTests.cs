using System.Security.Cryptography;
using System.Text;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Every format in both directions: what is written from fixed seeds, and what is read from the files.</summary>
[Trait("Runs", "OnEveryPath")]
public sealed class GoldenTests : IDisposable
{
    private const int Receiver = 3;

    private readonly SeededRound _round = SeededRound.Create();

    public void Dispose() => _round.Dispose();

    [Fact]
    public void Ciphertexts_are_written_as_in_the_file_and_read_from_it()
    {
        GoldenFile.Equal("kahe-ciphertext-v1.bin", _round.Ciphertexts[0].Bytes.Span);
        byte[] bytes = GoldenFile.Read("kahe-ciphertext-v1.bin");
        Assert.True(KaheCiphertext.TryParse(SeededRound.Parameters, 1, bytes, out KaheCiphertext? parsed));
        Assert.Equal(bytes, parsed.ToBytes());

        // What was read means what was written: with the other dealer's it decrypts to the sums.
        KaheAccumulator accumulator = KaheAccumulator.Create(SeededRound.Parameters, 1);
        accumulator.Add(parsed, _round.Ciphertexts[1]);
        Assert.True(KaheDecryption.TryDecryptSum(SeededRound.Parameters, _round.Elements, accumulator.ToSum(), _round.KeySum(), SeededRound.Dealers,
            SeededRound.Parameters.ValuesPerBlock, out ulong[]? sums, out string? failure), failure);
        Assert.Equal(_round.Values[0].Zip(_round.Values[1], (x, y) => (ulong)x + y), sums);
    }

    [Fact]
    public void Ciphertexts_over_the_larger_set_are_written_as_the_file_says()
    {
        KaheParameters parameters = KaheParameters.Create(KaheParameterSet.Kahe4096, 50, 16);
        PublicElements elements = PublicElements.Expand(parameters, SeededRound.Digest("elements"), 1);
        using RandomStream secret = SeededRound.Stream(1, "secret"), errors = SeededRound.Stream(1, "errors");
        using KaheSecretKey key = KaheSecretKey.Generate(parameters.Set, secret);
        uint[] values = [.. Enumerable.Range(0, parameters.ValuesPerBlock).Select(i => (uint)((13 * i + 7919) % 65_536))];
        byte[] bytes = Kahe.Encrypt(parameters, key, elements, values, errors).ToBytes();
        GoldenFile.Equal("kahe-ciphertext-4096-v1.sha256", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)) + "\n"));
    }

    [Fact]
    public void Shares_are_written_as_in_the_file_and_read_from_it()
    {
        GoldenFile.Equal("secret-share-v1.bin", _round.Shares[0][Receiver].ToBytes());
        Assert.True(SecretShare.TryParse(KaheParameterSet.Kahe2048, GoldenFile.Read("secret-share-v1.bin"), out SecretShare? parsed));
        using (parsed)
        {
            Assert.Equal(Receiver, parsed.Receiver);
            Assert.Equal(_round.Shares[0][Receiver].Elements.ToArray(), parsed.Elements.ToArray());
        }
    }

    [Fact]
    public void Sums_of_shares_are_written_as_in_the_file_and_read_from_it()
    {
        GoldenFile.Equal("share-sum-v1.bin", _round.ShareSum(Receiver).ToBytes());
        Assert.True(ShareSum.TryParse(KaheParameterSet.Kahe2048, GoldenFile.Read("share-sum-v1.bin"), out ShareSum? parsed));
        var sums = new Dictionary<int, ShareSum> { [1] = _round.ShareSum(1), [4] = _round.ShareSum(4), [Receiver] = parsed };
        Assert.True(KeySumCombiner.TryCombine(SeededRound.Parameters, SeededRound.Sharing, SeededRound.Dealers, sums, out KeySum? keySum));
        Assert.Equal(_round.KeySum().Coefficients.ToArray(), keySum.Coefficients.ToArray());
    }

    [Fact]
    public void Check_values_are_written_as_in_the_file_and_read_from_it()
    {
        ShareCheckValue value = _round.Shares[0][Receiver].MaskedCombination(SeededRound.Challenge);
        GoldenFile.Equal("share-check-value-v1.bin", value.ToBytes());
        Assert.True(ShareCheckValue.TryParse(GoldenFile.Read("share-check-value-v1.bin"), out ShareCheckValue parsed));
        Assert.Equal(value, parsed);
    }

    [Fact]
    public void Keys_are_written_as_in_the_files_and_read_from_them()
    {
        RequireMLKem();
        using RoundKeyPair pair = RoundKeyPair.ImportPrivateKey(SeededRound.PrivateKey());
        GoldenFile.Equal("round-private-key-v1.bin", pair.ExportPrivateKey());
        GoldenFile.Equal("round-encapsulation-key-v1.bin", pair.EncapsulationKey.ToBytes());
        Assert.True(RoundEncapsulationKey.TryParse(GoldenFile.Read("round-encapsulation-key-v1.bin"), out RoundEncapsulationKey? parsed));
        Assert.Equal(pair.EncapsulationKey.ToBytes(), parsed.ToBytes());
        using RoundKeyPair read = RoundKeyPair.ImportPrivateKey(GoldenFile.Read("round-private-key-v1.bin"));
        Assert.Equal(pair.EncapsulationKey.ToBytes(), read.EncapsulationKey.ToBytes());
    }

    /// <summary>Sealing draws its encapsulation and its ephemeral key from the operating system: only reading can be held to a file.</summary>
    [Fact]
    public void A_sealed_share_is_read_from_the_file()
    {
        RequireMLKem();
        using RoundKeyPair pair = RoundKeyPair.ImportPrivateKey(SeededRound.PrivateKey());
        if (Environment.GetEnvironmentVariable("QF_GOLDEN") is { Length: > 0 } folder)
        {
            byte[] made = ShareSeal.Seal(_round.Shares[0][Receiver], pair.EncapsulationKey, SeededRound.AssociatedData);
            File.WriteAllBytes(Path.Combine(folder, "sealed-share-v1.bin"), made);
        }
        byte[] bytes = GoldenFile.Read("sealed-share-v1.bin");
        Assert.Equal(ShareSeal.SizeInBytes(KaheParameterSet.Kahe2048), bytes.Length);
        Assert.True(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, pair, bytes, SeededRound.AssociatedData, out SecretShare? opened));
        using (opened)
            Assert.Equal(GoldenFile.Read("secret-share-v1.bin"), opened.ToBytes());
    }

    private static void RequireMLKem() =>
        Assert.SkipUnless(MLKem.IsSupported, "This platform has no ML-KEM; OpenSSL 3.5 or newer is needed (LD_LIBRARY_PATH).");
}
