using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Events that the round ledger cannot have emitted: each is refused where the contract's own require would have been.</summary>
public sealed class RoundRecordBuilderTests
{
    private static readonly Digest Some = TestConsortium.Hash("some");

    private readonly RoundRecordBuilder _builder = new(default);

    [Theory]
    [InlineData("planHash")]
    [InlineData("previousModelHash")]
    [InlineData("seedBlockHash")]
    [InlineData("signatureHash")]
    [InlineData(null)]
    public void An_opening_has_every_hash(string? zero) => Assert.Equal(zero is null, Open(zero, 3));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_opening_asks_for_three_members_at_least(ulong least) => Assert.False(Open(null, least));

    [Fact]
    public void A_commitment_is_not_zero()
    {
        Assert.True(Open(null, 3));
        EthereumAddress member = new([.. new byte[19], 1]);
        Assert.False(Apply("UpdateCommitted", ("member", member), ("commitment", default(Digest)), ("signatureHash", Some)));
        Assert.False(Apply("UpdateCommitted", ("member", member), ("commitment", Some), ("signatureHash", default(Digest))));
        Assert.True(Apply("UpdateCommitted", ("member", member), ("commitment", Some), ("signatureHash", Some)));
    }

    [Fact]
    public void A_round_is_given_up_for_a_reason()
    {
        Assert.True(Open(null, 3));
        Assert.False(Abandon(0));
        Assert.True(Abandon(1));
    }

    private bool Abandon(ulong reason) => Apply("RoundAbandoned", ("by", new EthereumAddress(new byte[20])), ("reason", reason), ("signatureHash", Some), ("historyHead", Some));

    private bool Open(string? zero, ulong least)
    {
        Digest Of(string name) => name == zero ? default : Some;
        return Apply(
            "RoundOpened", ("planHash", Of("planHash")), ("previousModelHash", Of("previousModelHash")), ("commitDeadline", 1000UL), ("minParticipants", least),
            ("seedBlockHash", Of("seedBlockHash")), ("registryVersion", 0UL), ("signatureHash", Of("signatureHash")));
    }

    private bool Apply(string name, params (string Name, object Value)[] arguments) => _builder.TryApply(
        new AbiValues(name, ["roundId", .. arguments.Select(argument => argument.Name)], [0UL, .. arguments.Select(argument => argument.Value)]), Some, 1);
}
