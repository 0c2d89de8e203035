using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Lattice.Tests;

/// <summary>Every reader of bytes that others wrote, on mutations of valid ones: a sample in a normal run, a million inputs in a long one.</summary>
public sealed class HostileBytesTests : IDisposable
{
    // Numbers add up to a million; a sealed share takes a hundred times as long as another input.
    private const int Ciphertexts = 200_000, Shares = 150_000, Sums = 150_000, CheckValues = 200_000, Keys = 200_000, KeySums = 50_000, Seals = 50_000;
    private const int NormalPart = 10;

    // A block's residues, and the objects round the arrays.
    private const int Residues = 2048 * sizeof(ulong), Elements = 2051 * sizeof(uint), Objects = 256;

    private static readonly KaheParameters s_parameters = SeededRound.Parameters;

    // What is mutated is the same in every run: the seed alone repeats an input.
    private readonly SeededRound _round = SeededRound.Create();

    public void Dispose() => _round.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ciphertexts_parse_to_their_own_bytes_or_not_at_all(int blocks)
    {
        int count = Count(Ciphertexts) / 2;
        int size = s_parameters.CiphertextSizeInBytes(blocks);
        byte[][] valid = [.. _round.Ciphertexts.Select(c => Enumerable.Repeat(c.ToBytes(), blocks).SelectMany(bytes => bytes).ToArray()), new byte[size]];
        int accepted = FuzzRun.Of<KaheCiphertext>(
            $"KaheCiphertext of {blocks}", valid, size + Residues + Objects, count,
            (ReadOnlySpan<byte> bytes, out KaheCiphertext? value) => KaheCiphertext.TryParse(s_parameters, blocks, bytes, out value),
            value => value.ToBytes());
        Assert.InRange(accepted, count / 10, count * 9 / 10);
    }

    [Fact]
    public void Every_width_refuses_the_same_ciphertexts()
    {
        using Randomness.RandomStream random = RunLength.Stream("fuzz widths");
        var mutator = new ByteMutator([.. _round.Ciphertexts.Select(c => c.ToBytes())], random);
        ulong[] residues = new ulong[2048], others = new ulong[2048];
        for (int i = 0; i < Count(Ciphertexts) / 10; i++)
        {
            ReadOnlySpan<byte> bytes = mutator.Next();
            if (bytes.Length != KaheParameterSet.Kahe2048.BlockSizeInBytes)
                continue;
            bool expected = CoefficientPacking.TryUnpack(KernelPath.Scalar, bytes, residues, s_parameters.Set.Primes[0]);
            Assert.True(expected == residues.All(residue => residue < s_parameters.Set.Primes[0]), $"Input {i}, {RunLength.SeedText}");
            foreach (KernelPath path in Paths.Supported)
            {
                Assert.True(expected == CoefficientPacking.TryUnpack(path, bytes, others, s_parameters.Set.Primes[0]), $"{path}, input {i}, {RunLength.SeedText}");
                Assert.True(residues.AsSpan().SequenceEqual(others), $"{path}, input {i}, {RunLength.SeedText}");
            }
        }
    }

    [Fact]
    public void Shares_parse_to_their_own_bytes_or_not_at_all()
    {
        int count = Count(Shares);
        int accepted = FuzzRun.Of<SecretShare>(
            "SecretShare", [_round.Shares[0][1].ToBytes(), _round.Shares[1][4].ToBytes()], Elements + Objects, count,
            (ReadOnlySpan<byte> bytes, out SecretShare? value) => SecretShare.TryParse(KaheParameterSet.Kahe2048, bytes, out value),
            value =>
            {
                using (value)
                    return value.ToBytes();
            });
        Assert.InRange(accepted, count / 10, count * 9 / 10);
    }

    [Fact]
    public void Sums_of_shares_parse_to_their_own_bytes_or_not_at_all()
    {
        int count = Count(Sums);
        int accepted = FuzzRun.Of<ShareSum>(
            "ShareSum", [_round.ShareSum(1).ToBytes(), _round.ShareSum(4).ToBytes()], Elements + Objects, count,
            (ReadOnlySpan<byte> bytes, out ShareSum? value) => ShareSum.TryParse(KaheParameterSet.Kahe2048, bytes, out value), value => value.ToBytes());
        Assert.InRange(accepted, count / 10, count * 9 / 10);
    }

    [Fact]
    public void Check_values_parse_to_their_own_bytes_or_not_at_all()
    {
        int count = Count(CheckValues);
        byte[] value = _round.Shares[0][1].MaskedCombination(SeededRound.Challenge).ToBytes();
        int accepted = FuzzRun.Of(
            "ShareCheckValue", [value, new byte[ShareCheckValue.SizeInBytes]], 0, count,
            (ReadOnlySpan<byte> bytes, out ShareCheckValue parsed) => ShareCheckValue.TryParse(bytes, out parsed), parsed => parsed.ToBytes());
        Assert.InRange(accepted, count / 10, count * 9 / 10);
    }

    [Fact]
    public void Key_sums_are_taken_as_they_are_or_not_at_all()
    {
        int count = Count(KeySums);
        byte[] valid = [.. _round.KeySum().Coefficients.ToArray().SelectMany(BitConverter.GetBytes)];
        int accepted = FuzzRun.Of<KeySum>(
            "KeySum", [valid, new byte[valid.Length]], Elements + Objects, count,
            (ReadOnlySpan<byte> bytes, out KeySum? value) =>
            {
                value = null;
                return bytes.Length % sizeof(int) == 0 && KeySum.TryCreate(s_parameters, SeededRound.Dealers, MemoryMarshal.Cast<byte, int>(bytes), out value);
            },
            value => [.. value.Coefficients.ToArray().SelectMany(BitConverter.GetBytes)]);
        Assert.InRange(accepted, 1, count * 9 / 10);
    }

    [Fact]
    public void Encapsulation_keys_parse_to_their_own_bytes_or_not_at_all()
    {
        RequireMLKem();
        int count = Count(Keys);
        byte[] privateKey = SeededRound.PrivateKey();
        using RoundKeyPair first = RoundKeyPair.ImportPrivateKey(privateKey);
        privateKey.AsSpan().Reverse();
        using RoundKeyPair second = RoundKeyPair.ImportPrivateKey(privateKey);
        // The curve's equation is checked with big integers: some hundred bytes each.
        int accepted = FuzzRun.Of<RoundEncapsulationKey>(
            "RoundEncapsulationKey", [first.EncapsulationKey.ToBytes(), second.EncapsulationKey.ToBytes()], 4096, count,
            RoundEncapsulationKey.TryParse, value => value.ToBytes());
        Assert.InRange(accepted, count / 10, count * 9 / 10);
    }

    [Fact]
    public void Sealed_shares_open_to_what_was_sealed_or_not_at_all()
    {
        RequireMLKem();
        int count = Count(Seals);
        using RoundKeyPair receiver = RoundKeyPair.ImportPrivateKey(SeededRound.PrivateKey());
        byte[] valid = GoldenFile.Read("sealed-share-v1.bin");
        int accepted = FuzzRun.Of<SecretShare>(
            "ShareSeal", [valid], 32_768, count,
            (ReadOnlySpan<byte> bytes, out SecretShare? value) => ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, bytes, SeededRound.AssociatedData, out value),
            value =>
            {
                // Whatever opens is what was sealed.
                value.Dispose();
                return valid;
            });
        // Only edits that undo themselves.
        Assert.InRange(accepted, 0, count / 5);
    }

    [Fact]
    public void Padding_bits_and_elements_equal_to_p_are_refused()
    {
        byte[] bytes = _round.Shares[0][1].ToBytes();
        bytes[^1] |= 0x80;
        Assert.False(SecretShare.TryParse(KaheParameterSet.Kahe2048, bytes, out _));
        bytes = _round.Shares[0][1].ToBytes();
        bytes.AsSpan(1, 4).Fill(0xFF);
        Assert.False(SecretShare.TryParse(KaheParameterSet.Kahe2048, bytes, out _));
        bytes = _round.Shares[0][1].ToBytes();
        bytes[0] = 0;
        Assert.False(SecretShare.TryParse(KaheParameterSet.Kahe2048, bytes, out _));
    }

    [Fact]
    public void A_parser_that_breaks_a_law_is_reported_with_the_seed()
    {
        byte[] valid = new byte[8];
        HostileParser<byte[]> throws = (ReadOnlySpan<byte> bytes, out byte[]? value) =>
            (value = bytes.Length != 8 ? [] : bytes[7] > 0x7F ? throw new FormatException() : bytes.ToArray()).Length > 0;
        HostileParser<byte[]> allocates = (ReadOnlySpan<byte> bytes, out byte[]? value) => (value = bytes.ToArray()).Length > 0;
        HostileParser<int> forgets = (ReadOnlySpan<byte> bytes, out int value) =>
            (value = bytes.Length == 8 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0) >= 0 && bytes.Length == 8;
        string[] messages =
        [
            Assert.Throws<InvalidOperationException>(() => FuzzRun.Of("throws", [valid], 32, 1000, throws, value => value)).Message,
            Assert.ThrowsAny<Exception>(() => FuzzRun.Of("allocates", [valid], 32, 1000, allocates, value => value)).Message,
            Assert.ThrowsAny<Exception>(() => FuzzRun.Of("forgets", [valid], 0, 1000, forgets, value => [.. BitConverter.GetBytes(value), 0, 0, 0, 0])).Message,
        ];
        Assert.Contains("threw FormatException", messages[0]);
        Assert.Contains("more than 0", messages[1]);
        Assert.Contains("same bytes", messages[2]);
        Assert.All(messages, message => Assert.Contains(RunLength.SeedText, message));
    }

    private static int Count(int inLong) => RunLength.Choose(inLong / NormalPart, inLong);

    private static void RequireMLKem() =>
        Assert.SkipUnless(MLKem.IsSupported, "This platform has no ML-KEM; OpenSSL 3.5 or newer is needed (LD_LIBRARY_PATH).");
}
