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
        int valid = 0, invalid = 0;
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
                    continue;
                }
                byte[] hash = SHA256.HashData(TestFiles.Hex(test.GetProperty("msg")));
                // r + n below the field's prime, which Ethereum cannot carry, is one of the corner cases.
                bool recovers = Recovers(new EcdsaSignature(r, s, false), hash, signer) || Recovers(new EcdsaSignature(r, s, true), hash, signer);
                string comment = $"{test.GetProperty("tcId")}: {test.GetProperty("comment").GetString()}";
                if (isValid && !comment.Contains("r too large", StringComparison.Ordinal) && !IsReduced(test))
                    Assert.True(recovers, comment);
                if (!isValid)
                    Assert.False(recovers, comment);
                _ = isValid ? valid++ : invalid++;
            }
        }
        Assert.InRange(valid, 50, 500);
        Assert.InRange(invalid, 20, 500);
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

    private static bool IsReduced(JsonElement test) =>
        test.GetProperty("flags").EnumerateArray().Any(flag => flag.GetString() == "ArithmeticError");

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
