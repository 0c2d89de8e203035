using QuantumFed.Ledger;
using QuantumFed.Node;

namespace QuantumFed.System.Tests;

/// <summary>How a party's settings name the way to its ledger node.</summary>
public sealed class LedgerAccessTests
{
    private static readonly PartyFolder Folder = new("/party");

    [Fact]
    public void Files_are_relative_to_the_settings()
    {
        RpcEndpoint endpoint = LedgerAccess.Endpoint(new Uri("https://node.example:8545"), new LedgerAccess("token", "ca.crt", "/etc/own.p12", "own.password"), Folder);
        Assert.Equal(
            ("/party/token", "/party/ca.crt", "/etc/own.p12", "/party/own.password"),
            (endpoint.TokenFile, endpoint.AuthorityFile, endpoint.CertificateFile, endpoint.PasswordFile));
        Assert.Null(LedgerAccess.Endpoint(new Uri("http://127.0.0.1:8545"), null, Folder).TokenFile);
    }

    [Fact]
    public void A_token_that_would_cross_a_network_in_the_clear_is_a_failure_of_the_settings()
    {
        SettingsException refusal = Assert.Throws<SettingsException>(
            () => LedgerAccess.Endpoint(new Uri("http://node.example:8545"), new LedgerAccess("token"), Folder));
        Assert.Contains("unencrypted", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Folder.Settings, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_without_https_are_a_failure_of_the_settings() =>
        Assert.Throws<SettingsException>(() => LedgerAccess.Endpoint(new Uri("http://127.0.0.1:8545"), new LedgerAccess(AuthorityFile: "ca.crt"), Folder));
}
