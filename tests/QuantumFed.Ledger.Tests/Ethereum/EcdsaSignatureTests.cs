using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class EcdsaSignatureTests
{
    [Fact]
    public void Wycheproofs_valid_signatures_recover_their_key_and_no_invalid_one_does()
    {
        int valid = 0, invalid = 0, beyond = 0, unreadable = 0;
        BigInteger p = (BigInteger.One << 256) - (BigInteger.One << 32) - 977;
        foreach (JsonElement group in TestFiles.Shared("ecdsa_secp256k1_sha256_bitcoin_test.json").GetProperty("testGroups").EnumerateArray())
        {
            byte[] key = TestFiles.Hex(group.GetProperty("publicKey").GetProperty("uncompressed"))[1..];
            EthereumAddress signer = EthereumAddress.OfPublicKey(key);
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                bool isValid = test.GetProperty("result").GetString() == "valid";
                if (!TryReadDer(TestFiles.Hex(test.GetProperty("sig")), out BigInteger r, out BigInteger s))
                {
                    Assert.False(isValid);
                    unreadable++;
                    continue;
                }
                byte[] hash = SHA256.HashData(TestFiles.Hex(test.GetProperty("msg")));
                bool recovers = Recovers(new EcdsaSignature(r, s, false), hash, signer) || Recovers(new EcdsaSignature(r, s, true), hash, signer);
                string comment = $"{test.GetProperty("tcId")}: {test.GetProperty("comment").GetString()}";
                // A point whose x is r + n, below the field's prime, has a signature that Ethereum cannot carry.
                if (isValid && !recovers && r + Secp256k1.Order < p)
                    beyond++;
                else
                    Assert.True(isValid == recovers, comment);
                _ = isValid ? valid++ : invalid++;
            }
        }
        Assert.Equal((162, 111, 1, 190), (valid, invalid, beyond, unreadable));
    }

    [Fact]
    public void Zero_and_the_order_are_no_scalars()
    {
        byte[] hash = SHA256.HashData([1]);
        BigInteger n = Secp256k1.Order;
        foreach ((BigInteger r, BigInteger s) in new[] { (BigInteger.Zero, BigInteger.One), (BigInteger.One, BigInteger.Zero), (n, BigInteger.One), (BigInteger.One, n) })
            Assert.False(new EcdsaSignature(r, s, false).TryRecover(hash, out _));
    }

    [Fact]
    public void A_hash_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new EcdsaSignature(1, 1, false).TryRecover(new byte[31], out _));

    private static bool Recovers(EcdsaSignature signature, byte[] hash, EthereumAddress signer) =>
        signature.TryRecover(hash, out EthereumAddress recovered) && recovered == signer;

    private static bool TryReadDer(byte[] der, out BigInteger r, out BigInteger s)
    {
        r = s = default;
        try
        {
            AsnReader reader = new(der, AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            r = sequence.ReadInteger();
            s = sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
