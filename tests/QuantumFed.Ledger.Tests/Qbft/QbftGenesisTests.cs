using System.Text;

namespace QuantumFed.Ledger.Tests;

/// <summary>What is read of a genesis file.</summary>
public sealed class QbftGenesisTests : IDisposable
{
    private readonly LedgerAccount[] _validators = [.. Enumerable.Range(0, 4).Select(_ => LedgerAccount.Generate())];

    public void Dispose()
    {
        foreach (LedgerAccount account in _validators)
            account.Dispose();
    }

    [Fact]
    public void Chain_id_and_validators_are_read()
    {
        QbftGenesis genesis = Read(new QbftTestChain(_validators).GenesisJson());
        Assert.Equal(20260UL, genesis.ChainId);
        Assert.Equal(_validators.Select(validator => validator.Address).Order(), genesis.Validators.Ascending);
    }

    [Fact]
    public void Validators_are_read_in_any_order_as_in_Besu_whose_own_generator_does_not_sort_them() =>
        Assert.Equal(_validators.Select(validator => validator.Address).Order(), Read(new QbftTestChain(_validators, descending: true).GenesisJson()).Validators.Ascending);

    [Fact]
    public void Nobody_is_named_twice() =>
        Assert.Equal("extraData is not that of a QBFT block", Failure(Encoding.UTF8.GetBytes(
            $"{{\"config\":{{\"qbft\":{{}},\"chainId\":1}},\"extraData\":\"0xf84fa0{new string('0', 64)}ea94{new string('1', 40)}94{new string('1', 40)}c080c0\"}}")));

    [Fact]
    public void Names_have_any_case_and_comments_are_allowed_as_in_Besu()
    {
        string json = Encoding.UTF8.GetString(new QbftTestChain(_validators).GenesisJson());
        Assert.Equal(4, Read(Encoding.UTF8.GetBytes("/* ours */" + json.Replace("chainId", "CHAINID").Replace("extraData", "extradata"))).Validators.Count);
    }

    [Theory]
    [InlineData("\"qbft\":{\"validatorcontractaddress\":\"0x0000000000000000000000000000000000008888\"}")]
    [InlineData("\"qbft\":{},\"transitions\":{\"qbft\":[{\"block\":5,\"validatorSelectionMode\":\"contract\"}]}")]
    [InlineData("\"qbft\":{},\"transitions\":{\"qbft\":[{\"block\":5,\"validators\":[]}]}")]
    public void Validators_that_headers_do_not_show_are_refused(string rules) => Assert.Equal(
        "its validators are selected by a contract or replaced at a transition, which block headers do not show", Failure(new QbftTestChain(_validators).GenesisJson(rules)));

    [Fact]
    public void A_transition_of_the_block_period_changes_no_validators() =>
        Assert.Equal(4, Read(new QbftTestChain(_validators).GenesisJson("\"qbft\":{},\"transitions\":{\"qbft\":[{\"block\":5,\"blockperiodseconds\":1}]}")).Validators.Count);

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("[]", "it has no config.qbft")]
    [InlineData("{\"\\ud800\":1}", "it is not JSON (a text in it is not Unicode)")]
    [InlineData("{\"config\":{\"qbft\":{},\"chainId\":1},\"extraData\":\"\\udc00\"}", "it is not JSON (a text in it is not Unicode)")]
    [InlineData("{\"config\":{\"clique\":{}}}", "it has no config.qbft")]
    [InlineData("{\"config\":{\"qbft\":{}},\"extraData\":\"0x\"}", "config.chainId is not a number")]
    [InlineData("{\"config\":{\"qbft\":{},\"chainId\":-1}}", "config.chainId is not a number")]
    [InlineData("{\"config\":{\"qbft\":{\"epochlength\":0},\"chainId\":1}}", "config.qbft.epochlength is not a number above 0")]
    [InlineData("{\"config\":{\"qbft\":{\"epochlength\":\"5\"},\"chainId\":1}}", "config.qbft.epochlength is not a number above 0")]
    [InlineData("{\"config\":{\"qbft\":{},\"chainId\":1}}", "extraData is not that of a QBFT block")]
    [InlineData("{\"config\":{\"qbft\":{},\"chainId\":1},\"extraData\":\"%extraData%\"}", "extraData is not that of a QBFT block")]
    [InlineData("{\"config\":{\"qbft\":{},\"chainId\":1},\"extraData\":7}", "extraData is not that of a QBFT block")]
    [InlineData("{\"config\":{\"qbft\":{},\"chainId\":1},\"extraData\":\"0xe5a00000000000000000000000000000000000000000000000000000000000000000c0c080c0\"}", "extraData names no validators")]
    public void Anything_else_is_refused_with_the_reason(string json, string reason) => Assert.Contains(reason, Failure(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    private static QbftGenesis Read(byte[] json)
    {
        Assert.True(QbftGenesis.TryParse(json, out QbftGenesis? genesis, out string? failure), failure);
        return genesis;
    }

    private static string Failure(byte[] json)
    {
        Assert.False(QbftGenesis.TryParse(json, out _, out string? failure));
        return failure;
    }
}
