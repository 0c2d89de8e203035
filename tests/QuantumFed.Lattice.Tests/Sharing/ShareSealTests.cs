using System.Security.Cryptography;

namespace QuantumFed.Lattice.Tests;

public sealed class ShareSealTests
{
    private static readonly byte[] s_associatedData = [.. "chain, contract, federation, round, dealer, receiver"u8];

    private static void RequireMLKem() =>
        Assert.SkipUnless(MLKem.IsSupported, "This platform has no ML-KEM; OpenSSL 3.5 or newer is needed (LD_LIBRARY_PATH).");

    private static DealtShares Deal()
    {
        using KaheSecretKey key = KaheSecretKey.Generate(KaheParameters.Create(4, 16));
        return SecretSharing.Deal(key, SharingParameters.Create(4, 3));
    }

    [Fact]
    public void A_sealed_share_opens_to_the_share()
    {
        RequireMLKem();
        using DealtShares shares = Deal();
        using RoundKeyPair receiver = RoundKeyPair.Generate();
        byte[] first = ShareSeal.Seal(shares[2], receiver.EncapsulationKey, s_associatedData);
        byte[] second = ShareSeal.Seal(shares[2], receiver.EncapsulationKey, s_associatedData);
        Assert.Equal(ShareSeal.SizeInBytes(KaheParameterSet.Kahe2048), first.Length);
        Assert.NotEqual(first, second);
        Assert.True(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, first, s_associatedData, out SecretShare? opened));
        Assert.Equal(shares[2].ToBytes(), opened.ToBytes());
        Assert.Equal(2, opened.Receiver);
    }

    [Fact]
    public void A_restored_key_pair_opens_what_was_sealed_to_it()
    {
        RequireMLKem();
        using DealtShares shares = Deal();
        using RoundKeyPair receiver = RoundKeyPair.Generate();
        byte[] privateKey = receiver.ExportPrivateKey();
        Assert.Equal(RoundKeyPair.PrivateKeySizeInBytes, privateKey.Length);
        using RoundKeyPair restored = RoundKeyPair.ImportPrivateKey(privateKey);
        Assert.Equal(receiver.EncapsulationKey.ToBytes(), restored.EncapsulationKey.ToBytes());
        byte[] sealedShare = ShareSeal.Seal(shares[1], receiver.EncapsulationKey, s_associatedData);
        Assert.True(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, restored, sealedShare, s_associatedData, out _));
        Assert.Throws<ArgumentException>(() => RoundKeyPair.ImportPrivateKey(privateKey.AsSpan(1)));
        privateKey.AsSpan(64).Clear();
        Assert.ThrowsAny<CryptographicException>(() => RoundKeyPair.ImportPrivateKey(privateKey));
    }

    [Fact]
    public void A_round_key_that_was_erased_opens_and_gives_away_nothing()
    {
        RequireMLKem();
        using DealtShares shares = Deal();
        RoundKeyPair receiver = RoundKeyPair.Generate();
        byte[] sealedShare = ShareSeal.Seal(shares[1], receiver.EncapsulationKey, s_associatedData);
        receiver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, sealedShare, s_associatedData, out _));
        Assert.Throws<ObjectDisposedException>(receiver.ExportPrivateKey);
        // Its public half is no secret, and shares can still be sealed to it: nobody opens them.
        _ = ShareSeal.Seal(shares[1], receiver.EncapsulationKey, s_associatedData);
    }

    // Version, ML-KEM ciphertext, point tag, point, share, tag.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1088)]
    [InlineData(1089)]
    [InlineData(1090)]
    [InlineData(1153)]
    [InlineData(1154)]
    [InlineData(9102)]
    [InlineData(-1)]
    public void A_change_in_any_part_is_refused(int place)
    {
        RequireMLKem();
        using DealtShares shares = Deal();
        using RoundKeyPair receiver = RoundKeyPair.Generate();
        byte[] sealedShare = ShareSeal.Seal(shares[1], receiver.EncapsulationKey, s_associatedData);
        sealedShare[place < 0 ? sealedShare.Length + place : place] ^= 1;
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, sealedShare, s_associatedData, out SecretShare? opened));
        Assert.Null(opened);
    }

    [Fact]
    public void Another_receiver_length_point_or_associated_data_is_refused()
    {
        RequireMLKem();
        using DealtShares shares = Deal();
        using RoundKeyPair receiver = RoundKeyPair.Generate(), other = RoundKeyPair.Generate();
        byte[] sealedShare = ShareSeal.Seal(shares[1], receiver.EncapsulationKey, s_associatedData);
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, other, sealedShare, s_associatedData, out _));
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, sealedShare, s_associatedData.AsSpan(1), out _));
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, sealedShare, [], out _));
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, sealedShare.AsSpan(1), s_associatedData, out _));
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, [], s_associatedData, out _));

        // A valid point that is not the sender's: only the key derivation can tell.
        other.EncapsulationKey.Point.CopyTo(sealedShare.AsSpan(1089));
        Assert.False(ShareSeal.TryOpen(KaheParameterSet.Kahe2048, receiver, sealedShare, s_associatedData, out _));
    }

    [Fact]
    public void Encapsulation_keys_round_trip_and_invalid_ones_are_refused()
    {
        RequireMLKem();
        using RoundKeyPair pair = RoundKeyPair.Generate();
        byte[] bytes = pair.EncapsulationKey.ToBytes();
        Assert.Equal(RoundEncapsulationKey.SizeInBytes, bytes.Length);
        Assert.True(RoundEncapsulationKey.TryParse(bytes, out RoundEncapsulationKey? parsed));
        Assert.Equal(bytes, parsed.ToBytes());
        Assert.False(RoundEncapsulationKey.TryParse(bytes.AsSpan(1), out _));

        byte[] unreduced = (byte[])bytes.Clone();
        unreduced[0] = 0x01;
        unreduced[1] = (byte)((unreduced[1] & 0xF0) | 0x0D);
        Assert.False(RoundEncapsulationKey.TryParse(unreduced, out _));
        byte[] offCurve = (byte[])bytes.Clone();
        offCurve[^1] ^= 1;
        Assert.False(RoundEncapsulationKey.TryParse(offCurve, out _));
        byte[] compressed = (byte[])bytes.Clone();
        compressed[1184] = 2;
        Assert.False(RoundEncapsulationKey.TryParse(compressed, out _));
    }

    [Fact]
    public void The_generator_of_P_256_is_a_valid_point_and_its_neighbours_are_not()
    {
        // SP 800-186, section 3.2.1.3.
        byte[] g = Convert.FromHexString("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
        Assert.True(NistP256.IsValidPoint(g));
        for (int i = 0; i < g.Length; i++)
        {
            g[i] ^= 1;
            Assert.False(NistP256.IsValidPoint(g));
            g[i] ^= 1;
        }
        Assert.False(NistP256.IsValidPoint(new byte[65]));
        Assert.False(NistP256.IsValidPoint(g.AsSpan(0, 33)));
    }
}
