using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Mutations of valid bytes: whatever parses writes the same bytes again, and nothing throws.</summary>
public sealed class HostileBytesTests
{
    private const int Mutations = 5000;
    private static readonly KaheParameters s_parameters = KaheParameters.Create(4, 16);

    [Fact]
    public void Ciphertexts_parse_to_their_own_bytes_or_not_at_all()
    {
        using KaheRound round = KaheRound.Run(s_parameters, 1, 10);
        int parsed = Mutate(round.Ciphertexts[0].ToBytes(), bytes =>
            KaheCiphertext.TryParse(s_parameters, 1, bytes, out KaheCiphertext? value) ? value.ToBytes() : null);
        Assert.InRange(parsed, 1, Mutations - 1);
    }

    [Fact]
    public void Shares_and_their_sums_parse_to_their_own_bytes_or_not_at_all()
    {
        using Dealing dealing = Dealing.Of(s_parameters, SharingParameters.Create(4, 3), 1);
        Assert.InRange(Mutate(dealing.Shares[0][1].ToBytes(), b => SecretShare.TryParse(b, out SecretShare? value) ? value.ToBytes() : null), 1, Mutations - 1);
        Assert.InRange(Mutate(dealing.Sums()[0].ToBytes(), b => ShareSum.TryParse(b, out ShareSum? value) ? value.ToBytes() : null), 1, Mutations - 1);
        Assert.InRange(Mutate(new byte[12], b => ShareCheckValue.TryParse(b, out ShareCheckValue value) ? value.ToBytes() : null), 1, Mutations - 1);
    }

    [Fact]
    public void Padding_bits_and_elements_equal_to_p_are_refused()
    {
        using Dealing dealing = Dealing.Of(s_parameters, SharingParameters.Create(4, 3), 1);
        byte[] bytes = dealing.Shares[0][1].ToBytes();
        bytes[^1] |= 0x80;
        Assert.False(SecretShare.TryParse(bytes, out _));
        bytes = dealing.Shares[0][1].ToBytes();
        bytes.AsSpan(1, 4).Fill(0xFF);
        Assert.False(SecretShare.TryParse(bytes, out _));
        bytes = dealing.Shares[0][1].ToBytes();
        bytes[0] = 0;
        Assert.False(SecretShare.TryParse(bytes, out _));
    }

    [Fact]
    public void Sealed_shares_and_keys_never_throw()
    {
        Assert.SkipUnless(MLKem.IsSupported, "This platform has no ML-KEM; OpenSSL 3.5 or newer is needed (LD_LIBRARY_PATH).");
        using Dealing dealing = Dealing.Of(s_parameters, SharingParameters.Create(4, 3), 1);
        using RoundKeyPair receiver = RoundKeyPair.Generate();
        byte[] original = ShareSeal.Seal(dealing.Shares[0][1], receiver.EncapsulationKey, []);
        Mutate(original, bytes => ShareSeal.TryOpen(receiver, bytes, [], out _) ? original : null, 1000);
        Mutate(receiver.EncapsulationKey.ToBytes(), b => RoundEncapsulationKey.TryParse(b, out RoundEncapsulationKey? value) ? value.ToBytes() : null);
    }

    /// <summary>Flips bits, overwrites runs, cuts and extends; expects what parses to be written back unchanged. Returns how many parsed.</summary>
    private static int Mutate(byte[] original, Func<byte[], byte[]?> parseAndWrite, int mutations = Mutations)
    {
        using RandomStream random = RandomStream.FromSeed([50], "test");
        int parsed = 0;
        for (int i = 0; i < mutations; i++)
        {
            byte[] bytes = (byte[])original.Clone();
            for (int edits = 1 + random.NextInt32(3); edits > 0; edits--)
            {
                int place = random.NextInt32(bytes.Length);
                int run = Math.Min(1 + random.NextInt32(16), bytes.Length - place);
                switch (random.NextInt32(8))
                {
                    case 0: bytes.AsSpan(place, run).Fill(0xFF); break;
                    case 1: bytes.AsSpan(place, run).Clear(); break;
                    case 2: random.Fill(bytes.AsSpan(place, run)); break;
                    case 3: Array.Resize(ref bytes, Math.Max(1, random.NextInt32(bytes.Length + 2))); break;
                    default: bytes[place] ^= (byte)(1 << random.NextInt32(8)); break;
                }
            }
            byte[]? written = parseAndWrite(bytes);
            if (written is null)
                continue;
            parsed++;
            Assert.Equal(bytes, written);
        }
        return parsed;
    }
}
