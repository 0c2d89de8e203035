using System.Numerics;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Events that the registry cannot have emitted: each is refused where the contract's own require would have been.</summary>
public sealed class RegistryBuilderTests
{
    private static readonly EthereumAddress Coordinator = Account(9);
    private static readonly EthereumAddress[] Members = [Account(1), Account(2), Account(3)];
    private static readonly byte[] NewKey = [.. Enumerable.Repeat((byte)7, VerificationKey.SizeInBytes)];

    private readonly RegistryBuilder _builder = new();
    private byte _transaction;

    public RegistryBuilderTests()
    {
        Assert.True(Apply("ConsortiumFounded", ("federationId", Hash("f")), ("agreementHash", Hash("a")), ("parties", new BigInteger(4)), ("rules", (object[])[50UL, 66UL, 3600UL])));
        foreach (EthereumAddress party in Members.Append(Coordinator))
            Assert.True(Apply("PartyAdmitted", ("account", party), ("role", party == Coordinator ? 2UL : 1UL), ("signingKeyHash", Hash($"{party}")), ("sealingKeyHash", default(Digest)), ("version", 0UL)));
        Assert.NotNull(_builder.Build());
    }

    [Theory]
    [InlineData(RegistryChange.Reinstate, 1, 0)]
    [InlineData(RegistryChange.Suspend, 8, 0)]
    [InlineData(RegistryChange.Suspend, 1, 1)]
    [InlineData(RegistryChange.SetRole, 1, 0)]
    [InlineData(RegistryChange.SetRole, 1, 1)]
    [InlineData(RegistryChange.SetRole, 1, 2)]
    public void A_proposal_that_makes_no_sense_was_never_made(RegistryChange change, byte account, int role) =>
        Assert.False(Propose(change, Account(account), role));

    [Theory]
    [InlineData(RegistryChange.Admit, 1, 1, VerificationKey.SizeInBytes, 0)]
    [InlineData(RegistryChange.Admit, 8, 0, VerificationKey.SizeInBytes, 0)]
    [InlineData(RegistryChange.Admit, 8, 2, VerificationKey.SizeInBytes, 0)]
    [InlineData(RegistryChange.Admit, 8, 1, VerificationKey.SizeInBytes - 1, 0)]
    [InlineData(RegistryChange.Admit, 8, 1, VerificationKey.SizeInBytes, 1)]
    [InlineData(RegistryChange.SetKeys, 8, 0, VerificationKey.SizeInBytes, 0)]
    [InlineData(RegistryChange.SetKeys, 1, 1, VerificationKey.SizeInBytes, 0)]
    public void Keys_that_make_no_sense_were_never_proposed(RegistryChange change, byte account, int role, int signing, int sealing) =>
        Assert.False(Propose(change, Account(account), role) && Keys(0, new byte[signing], new byte[sealing]));

    [Fact]
    public void Keys_come_with_their_proposal_and_with_no_other()
    {
        Assert.True(Propose(RegistryChange.Suspend, Members[0]));
        Assert.False(Keys(0, NewKey, []));
        Assert.True(Propose(RegistryChange.Admit, Account(8), 1, number: 1));
        Assert.Null(_builder.Build());
        Assert.False(Vote(1, Members[0]));
        Assert.True(Keys(1, NewKey, []));
        Assert.False(Keys(1, NewKey, []));
        Assert.True(Vote(1, Members[0]));
        Assert.NotNull(_builder.Build());
    }

    [Fact]
    public void A_tally_that_is_not_the_votes_was_never_told()
    {
        Assert.True(Propose(RegistryChange.Suspend, Members[2]));
        Assert.True(Vote(0, Members[0]));
        Assert.False(Vote(0, Members[0]));
        Assert.False(Vote(0, Coordinator));
        Assert.True(Vote(0, Members[1]));
        Assert.True(Apply("PartySuspended", ("account", Members[2]), ("version", 1UL)));
        Assert.False(Execute(3));
        Assert.True(Execute(2));
        // Suspended, it has no vote any more.
        Assert.True(Propose(RegistryChange.Reinstate, Members[2], number: 1));
        Assert.False(Vote(1, Members[2]));
    }

    private bool Propose(RegistryChange change, EthereumAddress account, int role = 0, ulong number = 0)
    {
        _transaction++;
        return Apply(
            "ProposalMade", ("proposalId", number), ("proposer", Members[0]), ("account", account), ("change", (ulong)change), ("role", (ulong)role),
            ("expires", 1000UL), ("signatureHash", Hash("s")));
    }

    private bool Keys(ulong number, byte[] signing, byte[] sealing) => Apply("KeysProposed", ("proposalId", number), ("signingKey", signing), ("sealingKey", sealing));

    private bool Vote(ulong number, EthereumAddress voter) =>
        Apply("VoteCast", ("proposalId", number), ("voter", voter), ("support", true), ("signatureHash", Hash("s")));

    private bool Execute(ulong yes) => Apply(
        "ProposalExecuted", ("proposalId", 0UL), ("by", Members[0]), ("yes", yes), ("no", 0UL), ("activeMembers", 3UL), ("version", 1UL));

    private bool Apply(string name, params (string Name, object Value)[] arguments) => _builder.TryApply(
        new AbiValues(name, [.. arguments.Select(argument => argument.Name)], [.. arguments.Select(argument => argument.Value)]), Digest.Of([_transaction]), 1);

    private static EthereumAddress Account(byte last) => new([.. new byte[EthereumAddress.SizeInBytes - 1], last]);

    private static Digest Hash(string text) => TestConsortium.Hash(text);
}
