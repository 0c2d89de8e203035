using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class LedgerAccountTests
{
    [Fact]
    public void The_key_one_has_the_generators_address()
    {
        byte[] one = new byte[32];
        one[31] = 1;
        using LedgerAccount account = LedgerAccount.Import(one);
        Assert.Equal("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", account.Address.ToString());
    }

    [Fact]
    public void Signatures_of_platform_and_library_are_canonical_and_recover_the_account()
    {
        using LedgerAccount account = LedgerAccount.Generate();
        for (int i = 0; i < 16; i++)
        {
            byte[] hash = SHA256.HashData([(byte)i]);
            foreach (EcdsaSignature signature in new[] { account.SignWithPlatform(hash), account.SignHash(hash) })
            {
                Assert.True(signature.IsCanonical);
                Assert.True(signature.TryRecover(hash, out EthereumAddress signer));
                Assert.Equal(account.Address, signer);
            }
        }
    }

    [Fact]
    public void The_native_librarys_signatures_are_deterministic()
    {
        Assert.SkipUnless(NativeSecp256k1.Instance is not null, "libsecp256k1 is not installed (Debian: libsecp256k1-1).");
        using LedgerAccount account = LedgerAccount.Generate();
        byte[] hash = SHA256.HashData([1]);
        Assert.Equal(account.SignHash(hash), account.SignHash(hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000001")]
    public void What_is_no_key_is_refused(string hex)
    {
        byte[] key = Convert.FromHexString(hex);
        Assert.Throws<ArgumentException>(() => LedgerAccount.Import(key));
    }

    [Fact]
    public void The_greatest_key_is_one()
    {
        using LedgerAccount account = LedgerAccount.Import(Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"));
        byte[] hash = SHA256.HashData([1]);
        Assert.True(account.SignHash(hash).TryRecover(hash, out EthereumAddress signer));
        Assert.Equal(account.Address, signer);
    }

    [Fact]
    public void A_disposed_account_signs_nothing_and_its_text_is_its_address()
    {
        LedgerAccount account = LedgerAccount.Generate();
        Assert.Equal($"LedgerAccount({account.Address})", account.ToString());
        account.Dispose();
        Assert.Throws<ObjectDisposedException>(() => account.SignHash(new byte[32]));
    }
}
