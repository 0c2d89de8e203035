using System.Text;
using System.Text.Json;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class KeystoreVectorTests
{
    private static readonly JsonElement Vectors = TestFiles.Vectors("web3-secret-storage.json");

    [Theory]
    [InlineData(0, "pbkdf2")]
    [InlineData(1, "scrypt")]
    public void The_definitions_keystores_open(int vector, string kdf)
    {
        byte[] json = Encoding.UTF8.GetBytes(Vectors.GetProperty("keystores")[vector].GetRawText());
        Assert.True(Keystore.TryParse(json, out Keystore? keystore, out string? failure), failure);
        Assert.Equal(kdf, keystore.Derivation.Name);
        Assert.Null(keystore.Address);
        using AccountPassword password = AccountPassword.Import(Encoding.UTF8.GetBytes(Vectors.GetProperty("password").GetString()!));
        byte[] key = new byte[LedgerAccount.KeySizeInBytes];
        Assert.True(keystore.TryOpen(password, key));
        Assert.Equal(TestFiles.Hex(Vectors.GetProperty("secret")), key);
        using LedgerAccount account = LedgerAccount.Import(key);
        Assert.Equal(EthereumAddress.Parse(Vectors.GetProperty("address").GetString()!), account.Address);
    }
}
