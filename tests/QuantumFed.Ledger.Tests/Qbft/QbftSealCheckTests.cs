using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

public sealed class QbftSealCheckTests : IDisposable
{
    private readonly LedgerAccount[] _validators = [.. Enumerable.Range(0, 4).Select(_ => LedgerAccount.Generate())];
    private readonly LedgerAccount _stranger = LedgerAccount.Generate();

    private QbftValidators Pinned => QbftValidators.Create(_validators.Select(validator => validator.Address));

    public void Dispose()
    {
        foreach (LedgerAccount account in (LedgerAccount[])[.. _validators, _stranger])
            account.Dispose();
    }

    // ceil(2N/3), and N = 3f + 1 tolerates f.
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(4, 3, 1)]
    [InlineData(5, 4, 1)]
    [InlineData(6, 4, 1)]
    [InlineData(7, 5, 2)]
    [InlineData(10, 7, 3)]
    [InlineData(100, 67, 33)]
    public void A_quorum_is_two_thirds_rounded_up(int validators, int quorum, int faults)
    {
        QbftValidators set = QbftValidators.Create(Enumerable.Range(1, validators).Select(i => new EthereumAddress((byte[])[.. new byte[19], (byte)i])));
        Assert.Equal((validators, quorum, faults), (set.Count, set.Quorum, set.ToleratedFaults));
    }

    [Fact]
    public void Three_of_four_are_enough_and_two_are_not()
    {
        Assert.True(Check(_validators[..3]).HasQuorum);
        Assert.True(Check(_validators).HasQuorum);
        Assert.False(Check(_validators[..2]).HasQuorum);
        Assert.Equal(_validators[..2].Select(validator => validator.Address).Order(), Check(_validators[..2]).Signers);
    }

    [Fact]
    public void A_signer_counts_once()
    {
        QbftSealCheck check = Check([_validators[0], _validators[1], _validators[1], _validators[0]]);
        Assert.False(check.HasQuorum);
        Assert.Equal(2, check.Signers.Length);
    }

    [Fact]
    public void The_other_form_of_a_signature_counts_for_its_signer_and_only_once()
    {
        QbftHeader header = Sealed(_validators[..2]);
        EcdsaSignature seal = header.ExtraData.Seals[0];
        EcdsaSignature flipped = new(seal.R, Secp256k1.Order - seal.S, !seal.IsOdd);
        QbftSealCheck twice = QbftSealCheck.Of(QbftBlocks.Header(header.ExtraData.With(null, header.ExtraData.Round, [.. header.ExtraData.Seals, flipped])), Pinned);
        Assert.Equal((2, 0), (twice.Signers.Length, twice.ForeignSeals));
        QbftSealCheck alone = QbftSealCheck.Of(QbftBlocks.Header(header.ExtraData.With(null, header.ExtraData.Round, flipped)), Pinned);
        Assert.Equal([_validators[0].Address], alone.Signers);
    }

    [Fact]
    public void A_strangers_seal_does_not_count()
    {
        QbftSealCheck check = Check([_validators[0], _validators[1], _stranger]);
        Assert.Equal((2, 1, false), (check.Signers.Length, check.ForeignSeals, check.HasQuorum));
    }

    [Fact]
    public void The_validators_that_a_block_names_itself_are_not_believed()
    {
        QbftExtraData own = QbftExtraData.Genesis(QbftValidators.Create([_stranger.Address]));
        QbftHeader header = QbftBlocks.Sealed(own, 0, _stranger);
        Assert.True(QbftSealCheck.Of(header, QbftValidators.Create([_stranger.Address])).HasQuorum);
        Assert.False(QbftSealCheck.Of(header, Pinned).HasQuorum);
    }

    [Fact]
    public void Seals_of_another_block_or_round_do_not_count()
    {
        QbftHeader header = Sealed(_validators);
        Assert.True(QbftSealCheck.Of(header, Pinned).HasQuorum);
        QbftHeader otherRound = QbftBlocks.Header(header.ExtraData.With(null, header.ExtraData.Round + 1, header.ExtraData.Seals));
        Assert.Equal(header.Hash, otherRound.Hash);
        QbftSealCheck check = QbftSealCheck.Of(otherRound, Pinned);
        Assert.Equal((0, 4), (check.Signers.Length, check.ForeignSeals));
        QbftHeader otherBlock = QbftBlocks.Header(header.ExtraData.With(new QbftVote(_stranger.Address, Adds: true), header.ExtraData.Round, header.ExtraData.Seals));
        Assert.Empty(QbftSealCheck.Of(otherBlock, Pinned).Signers);
    }

    [Fact]
    public void Neither_a_genesis_block_nor_no_validators_make_a_quorum()
    {
        Assert.False(Check([]).HasQuorum);
        Assert.False(QbftSealCheck.Of(Sealed(_validators), QbftValidators.Create([])).HasQuorum);
    }

    [Fact]
    public void Numbers_that_are_no_signature_are_foreign()
    {
        EcdsaSignature[] nonsense = [new(0, 0, false), new(1, 0, true), new(Secp256k1.Order, 1, false), new(1, Secp256k1.Order, false), new(5, 1, false)];
        QbftSealCheck check = QbftSealCheck.Of(QbftBlocks.Header(QbftExtraData.Genesis(Pinned).With(null, 0, [.. nonsense])), Pinned);
        Assert.Equal((0, nonsense.Length), (check.Signers.Length, check.ForeignSeals));
    }

    private QbftSealCheck Check(LedgerAccount[] signers) => QbftSealCheck.Of(Sealed(signers), Pinned);

    private QbftHeader Sealed(LedgerAccount[] signers) => QbftBlocks.Sealed(QbftExtraData.Genesis(Pinned), 2, signers);
}
