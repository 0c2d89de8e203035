using System.Text;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>
/// The two test vectors of the Web3 Secret Storage Definition, version 3 (ethereum.org, Test Vectors, CC0), which are also the first two of
/// go-ethereum's accounts/keystore/testdata/v3_test_vector.json. The private key is a public test value.
/// </summary>
public sealed class KeystoreVectorTests
{
    private const string Pbkdf2 = """
        {
          "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {
              "iv": "6087dab2f9fdbbfaddc31a909735c1e6"
            },
            "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
            "kdf": "pbkdf2",
            "kdfparams": {
              "c": 262144,
              "dklen": 32,
              "prf": "hmac-sha256",
              "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"
            },
            "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"
          },
          "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
          "version": 3
        }
        """;

    private const string Scrypt = """
        {
          "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {
              "iv": "83dbcc02d8ccb40e466191a123791e0e"
            },
            "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
            "kdf": "scrypt",
            "kdfparams": {
              "dklen": 32,
              "n": 262144,
              "r": 1,
              "p": 8,
              "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"
            },
            "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"
          },
          "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
          "version": 3
        }
        """;

    [Theory]
    [InlineData("pbkdf2", Pbkdf2)]
    [InlineData("scrypt", Scrypt)]
    public void The_definitions_keystores_open(string kdf, string json)
    {
        Assert.True(Keystore.TryParse(Encoding.UTF8.GetBytes(json), out Keystore? keystore, out string? failure), failure);
        Assert.Equal(kdf, keystore.Derivation.Name);
        Assert.Equal(Guid.Parse("3198bc9c-6672-5ab3-d995-4942343ae5b6"), keystore.Id);
        Assert.Null(keystore.Address);
        using AccountPassword password = AccountPassword.Import("testpassword"u8);
        byte[] key = new byte[LedgerAccount.KeySizeInBytes];
        Assert.True(keystore.TryOpen(password, key));
        Assert.Equal("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d", Convert.ToHexStringLower(key));
        using LedgerAccount account = LedgerAccount.Import(key);
        Assert.Equal(EthereumAddress.Parse("0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b"), account.Address);
    }
}
