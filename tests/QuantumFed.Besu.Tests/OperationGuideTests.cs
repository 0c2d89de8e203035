using System.Text.RegularExpressions;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu.Tests;

public sealed partial class OperationGuideTests(NetworkFixture fixture)
{
    [Fact]
    public void A_guide_says_that_nothing_was_run_and_has_no_open_place()
    {
        foreach (BesuNetwork network in fixture.Both)
        {
            string guide = network.Text("README.md");
            Assert.Contains("**These files were generated and checked, never run.**", guide, StringComparison.Ordinal);
            Assert.DoesNotContain("{{", guide, StringComparison.Ordinal);
            for (int i = 0; i < network.Plan.Places.Length; i++)
                Assert.Contains($"| {network.Plan.Places[i].Name} | `{network.Addresses[i]}` | {network.Plan.Places[i].Host}:{network.Plan.Places[i].PeerPort} |", guide, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_guide_names_each_task_of_operation()
    {
        string guide = fixture.OneMachine.Text("README.md");
        foreach (string task in new[] { "## Start", "## Check", "## Add a validator", "## Remove a validator", "## Back up", "## Mend", "qbft_proposeValidatorVote", "WireGuard", "24.12.0" })
            Assert.Contains(task, guide, StringComparison.Ordinal);
        Assert.Contains("2026-04-28 12:30 UTC", guide, StringComparison.Ordinal);
        Assert.Contains("One validator may fail or lie", guide, StringComparison.Ordinal);
        Assert.Contains("the seals of 3 of 4 validators", guide, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_guide_warns_where_no_fault_is_tolerated(int validators, bool warns)
    {
        using BesuNetwork network = BesuNetwork.Create(Sample.Plan(validators), Sample.Now, TestContext.Current.CancellationToken);
        Assert.Equal(warns, network.Text("README.md").Contains("**No fault is tolerated**", StringComparison.Ordinal));
        Assert.Contains("**no account may send transactions yet**", network.Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_guides_commands_make_a_new_key_and_a_new_token()
    {
        ProgramRun.Require("openssl");
        using TemporaryFolder folder = new();
        NetworkFolder.Write(fixture.OneMachine, folder.At("network"));
        string guide = fixture.OneMachine.Text("README.md");
        string sign = CommandsAfter(guide, "**A client gets 401.**"), replace = CommandsAfter(guide, "**A token leaked.**");
        string token = folder.At("network/clients/validator-1/client.jwt"), publicKey = folder.At("network/validator-1/rpc/jwt-public.pem");
        string oldKey = await File.ReadAllTextAsync(publicKey, TestContext.Current.CancellationToken);

        _ = await ProgramRun.OutputOfAsync(folder.At("network"), "bash", "-euc", sign);
        Assert.True(Token.TryVerify(await File.ReadAllTextAsync(token, TestContext.Current.CancellationToken), oldKey, out Token? renewed));
        Assert.Equal(RpcTokenIssuer.ClientPermissions, renewed!.Permissions);
        Assert.Equal(TimeSpan.FromDays(30), renewed.Expires - renewed.Issued);

        _ = await ProgramRun.OutputOfAsync(folder.At("network"), "bash", "-euc", replace.Replace("docker compose restart validator-1", "", StringComparison.Ordinal) + sign);
        string newKey = await File.ReadAllTextAsync(publicKey, TestContext.Current.CancellationToken), newToken = await File.ReadAllTextAsync(token, TestContext.Current.CancellationToken);
        Assert.NotEqual(oldKey, newKey);
        Assert.True(Token.TryVerify(newToken, newKey, out _));
        Assert.False(Token.TryVerify(newToken, oldKey, out _));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.At("network/clients/validator-1/jwt-private.pem")));
    }

    [Fact]
    public void An_agreements_parties_may_send_and_its_contracts_are_named()
    {
        ConsortiumAgreement agreement = Agreements.Of(developmentChain: false);
        using BesuNetwork network = BesuNetwork.Create(Sample.Plan(1, agreement: agreement, accounts: [Sample.Account(77)]), Sample.Now, TestContext.Current.CancellationToken);
        string[] accounts = [.. new[] { 1, 2, 3, 77, 200, 203 }.Select(last => Sample.Account((byte)last).ToString())];
        Assert.Equal(accounts, PermissionsToml.Parse(network.Text("validator-1/permissions_config.toml")).Accounts);
        string guide = network.Text("README.md");
        LedgerDeployment contracts = LedgerDeployer.PredictFor(Sample.Account(203), Agreements.ChainId);
        Assert.Contains($"the registry at `{contracts.Registry}`, its second the rounds at `{contracts.Rounds}`", guide, StringComparison.Ordinal);
        Assert.Contains($"| hospital-002 | `{Sample.Account(2)}` |", guide, StringComparison.Ordinal);
        Assert.Contains($"agreement `{agreement.Digest}`", guide, StringComparison.Ordinal);
        Assert.Equal(Agreements.ChainId, network.Plan.ChainId);
        Assert.DoesNotContain("development chain", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agreement_on_a_development_chain_is_warned_of()
    {
        NetworkPlan plan = Sample.Plan(1, agreement: Agreements.Of(developmentChain: true));
        Assert.True(plan.IsAgreedAsDevelopment);
        using BesuNetwork network = BesuNetwork.Create(plan, Sample.Now, TestContext.Current.CancellationToken);
        Assert.Contains("**The agreement calls its ledger a development chain**", network.Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_agreement_on_another_chain_or_other_contracts_does_not_fit()
    {
        Assert.False(NetworkPlan.TryCreate(4, [], [], 5, Agreements.Of(developmentChain: false), [], 30, out _, out string? failure));
        Assert.Equal($"The agreement names chain {Agreements.ChainId}, not 5.", failure);
        Assert.False(NetworkPlan.TryCreate(4, [], [], null, Agreements.Of(developmentChain: false, deployer: 9), [], 30, out _, out failure));
        Assert.Contains("contracts are not those", failure, StringComparison.Ordinal);
    }

    private static string CommandsAfter(string guide, string heading) => CommandBlock().Match(guide, guide.IndexOf(heading, StringComparison.Ordinal)).Groups["commands"].Value;

    [GeneratedRegex("```\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CommandBlock();
}
