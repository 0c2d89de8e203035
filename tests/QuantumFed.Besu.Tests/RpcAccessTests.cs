using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace QuantumFed.Besu.Tests;

public sealed class RpcAccessTests(NetworkFixture fixture)
{
    [Fact]
    public void A_keystore_opens_with_its_password_and_chains_to_the_authority()
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            using X509Certificate2 authority = X509Certificate2.CreateFromPem(network.Text("ca/ca.crt"));
            foreach (ValidatorPlace place in network.Plan.Places)
            {
                using X509Certificate2 server = Open(network, place);
                Assert.True(server.HasPrivateKey);
                Assert.Equal("CN=" + place.Name, server.Subject);
                using X509Chain chain = new();
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                chain.ChainPolicy.VerificationTime = Sample.Now.AddDays(800).UtcDateTime;
                chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
                Assert.True(chain.Build(server), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
                foreach (string name in new[] { "localhost", place.Name, "127.0.0.1", place.Host.ToString() })
                    Assert.True(server.MatchesHostname(name), name);
                Assert.False(server.MatchesHostname("elsewhere"));
                Assert.Throws<CryptographicException>(() => X509CertificateLoader.LoadPkcs12(network.Bytes(place.Name + "/rpc/keystore.p12"), "another"));
                using ECDsa key = server.GetECDsaPrivateKey()!;
                using ECDsa publicKey = server.GetECDsaPublicKey()!;
                Assert.True(publicKey.VerifyData(new byte[] { 1 }, key.SignData(new byte[] { 1 }, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
            }
        }
    }

    [Fact]
    public void An_authority_may_sign_servers_only_and_holds_its_key()
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(fixture.OneMachine.Text("ca/ca.crt"), fixture.OneMachine.Text("ca/ca.key"));
        X509BasicConstraintsExtension constraints = Assert.Single(certificate.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        using X509Certificate2 server = Open(fixture.OneMachine, fixture.OneMachine.Plan.Places[0]);
        Assert.False(Assert.Single(server.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
    }

    [Fact]
    public async Task Java_reads_a_keystore()
    {
        ProgramRun.Require("keytool");
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.At("keystore.p12"), fixture.OneMachine.Bytes("validator-2/rpc/keystore.p12"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.At("password"), fixture.OneMachine.Bytes("validator-2/rpc/keystore.password"), TestContext.Current.CancellationToken);
        string listed = await ProgramRun.OutputOfAsync(folder.Root, "keytool", "-J-Duser.language=en", "-list", "-v", "-storetype", "PKCS12", "-keystore", "keystore.p12", "-storepass:file", "password");
        Assert.Contains("Entry type: PrivateKeyEntry", listed, StringComparison.Ordinal);
        Assert.Contains("Certificate chain length: 2", listed, StringComparison.Ordinal);
        Assert.Contains("Owner: CN=validator-2", listed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client.jwt", new[] { "eth:*", "net:*", "web3:*" })]
    [InlineData("operator.jwt", new[] { "eth:*", "net:*", "web3:*", "qbft:*", "admin:*", "perm:*", "txpool:*" })]
    public void A_token_is_its_validators_permits_what_it_says_and_expires(string file, string[] permissions)
    {
        BesuNetwork network = fixture.OneMachine;
        foreach (ValidatorPlace place in network.Plan.Places)
        {
            string text = network.Text($"clients/{place.Name}/{file}");
            Assert.True(Token.TryVerify(text, network.Text(place.Name + "/rpc/jwt-public.pem"), out Token? token));
            Assert.Equal(permissions, token!.Permissions);
            Assert.Equal((Sample.Now, Sample.Now.AddDays(30)), (token.Issued, token.Expires));
            Assert.All(network.Plan.Places.Where(other => other != place), other => Assert.False(Token.TryVerify(text, network.Text(other.Name + "/rpc/jwt-public.pem"), out _)));
        }
    }

    [Fact]
    public void A_changed_token_is_no_token()
    {
        string publicKey = fixture.OneMachine.Text("validator-1/rpc/jwt-public.pem");
        string[] client = fixture.OneMachine.Text("clients/validator-1/client.jwt").Split('.'), other = fixture.OneMachine.Text("clients/validator-1/operator.jwt").Split('.');
        Assert.False(Token.TryVerify($"{client[0]}.{other[1]}.{client[2]}", publicKey, out _));
    }

    [Fact]
    public void The_tokens_key_is_RSA_of_3072_bits_and_the_public_one_is_its()
    {
        using RSA secret = RSA.Create();
        secret.ImportFromPem(fixture.OneMachine.Text("clients/validator-1/jwt-private.pem"));
        Assert.Equal(3072, secret.KeySize);
        Assert.Equal(secret.ExportSubjectPublicKeyInfoPem() + "\n", fixture.OneMachine.Text("validator-1/rpc/jwt-public.pem"));
    }

    private static X509Certificate2 Open(BesuNetwork network, ValidatorPlace place) =>
        X509CertificateLoader.LoadPkcs12(network.Bytes(place.Name + "/rpc/keystore.p12"), network.Text(place.Name + "/rpc/keystore.password"));
}
