using System.Security.Cryptography;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu.Tests;

public sealed class NodeKeyTests(NetworkFixture fixture)
{
    [Fact]
    public void Key_public_key_address_and_URL_belong_together()
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            for (int i = 0; i < network.Plan.Places.Length; i++)
            {
                string name = network.Plan.Places[i].Name, secret = network.Text(name + "/key"), publicKey = network.Text(name + "/key.pub");
                Assert.Matches("^0x[0-9a-f]{64}$", secret);
                Assert.Matches("^0x[0-9a-f]{128}$", publicKey);
                using LedgerAccount account = LedgerAccount.Import(Convert.FromHexString(secret.AsSpan(2)));
                Assert.Equal(account.Address.ToString(), network.Text(name + "/address"));
                Assert.Equal(account.Address, EthereumAddress.OfPublicKey(Convert.FromHexString(publicKey.AsSpan(2))));
                Assert.Equal(account.Address, network.Addresses[i]);
            }
            Assert.Equal(network.Addresses.Order(), network.Validators.Ascending);
        }
    }

    // A point off the curve would not be imported.
    [Fact]
    public void Keys_are_of_the_curve_secp256k1()
    {
        using NodeKey key = NodeKey.Generate();
        using ECDsa check = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.CreateFromValue("1.3.132.0.10"), Q = new ECPoint { X = key.PublicKey.Point[..32].ToArray(), Y = key.PublicKey.Point[32..].ToArray() },
        });
        Assert.Equal(256, check.KeySize);
    }

    [Fact]
    public void A_disposed_key_has_no_secret_and_none_is_printed()
    {
        NodeKey key = NodeKey.Generate();
        string secret = System.Text.Encoding.ASCII.GetString(key.WriteSecret());
        Assert.DoesNotContain(secret[2..], key.ToString(), StringComparison.Ordinal);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.WriteSecret());
    }

    [Fact]
    public void A_public_key_is_read_as_it_is_written()
    {
        using NodeKey key = NodeKey.Generate();
        Assert.True(NodePublicKey.TryParse(key.PublicKey.ToString(), out NodePublicKey? read));
        Assert.Equal(key.PublicKey, read);
        Assert.Equal(key.PublicKey.Address, read.Address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x00")]
    public void What_is_no_point_of_the_curve_is_no_public_key(string? text)
    {
        Assert.False(NodePublicKey.TryParse(text, out _));
        using NodeKey key = NodeKey.Generate();
        string good = key.PublicKey.ToString();
        Assert.False(NodePublicKey.TryParse(good[..^1] + (good[^1] == '0' ? '1' : '0'), out _));
        Assert.False(NodePublicKey.TryParse(good[2..] + "00", out _));
        Assert.False(NodePublicKey.TryParse("0x" + new string('0', 128), out _));
        Assert.False(NodePublicKey.TryParse(good[..^1] + "g", out _));
    }
}
