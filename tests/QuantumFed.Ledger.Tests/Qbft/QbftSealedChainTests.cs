using QuantumFed.Protocol;

namespace QuantumFed.Ledger.Tests;

/// <summary>Besu's rules: a block is sealed by two thirds of those who were validators after the block before, and a majority of them changes who they are.</summary>
public sealed class QbftSealedChainTests : IDisposable
{
    private readonly LedgerAccount[] _four = [.. Enumerable.Range(0, 4).Select(_ => LedgerAccount.Generate())];
    private readonly LedgerAccount _fifth = LedgerAccount.Generate();

    private LedgerAccount[] Five => [.. _four, _fifth];

    public void Dispose()
    {
        foreach (LedgerAccount account in Five)
            account.Dispose();
    }

    [Fact]
    public void A_chain_sealed_by_a_quorum_of_the_genesis_files_validators_verifies()
    {
        QbftTestChain chain = new QbftTestChain(_four).Add(_four).Add(_four[1], _four, _four[..3]).Add(_four, proposer: 3);
        QbftSealedChain sealedChain = Verified(chain);
        Assert.Equal(11UL, sealedChain.Seals);
        Assert.Equal(_four.Select(validator => validator.Address).Order(), sealedChain.Validators.Ascending);
        Assert.True(OfflineChain.TryVerify(chain.Blocks, 20260, out _, out string? failure), failure);
    }

    [Fact]
    public void A_block_without_a_quorum_is_named_and_the_first_of_them()
    {
        QbftTestChain chain = new QbftTestChain(_four).Add(_four);
        for (int i = 0; i < 40; i++)
            chain.Add(_four[0], _four, _four[..2]);
        Assert.Equal("Block 2 is sealed by 2 of 4 validators; 3 are needed.", Failure(chain));
        Assert.Equal("Block 1 is sealed by 0 of 4 validators; 3 are needed.", Failure(new QbftTestChain(_four).Add(_four[0], _four, []).Add([_fifth])));
    }

    [Fact]
    public void A_chain_whose_maker_names_himself_its_validator_does_not_verify()
    {
        QbftTestChain own = new QbftTestChain([_fifth]).Add([_fifth]);
        Assert.Equal("Block 0 names other validators than the genesis file.", Failure(own, new QbftTestChain(_four).Genesis()));
        Assert.Equal("Block 2 names other validators than block 1, and their majority had not voted for them.", Failure(new QbftTestChain(_four).Add(_four).Add([_fifth])));
        Assert.Equal("Block 2 names other validators than block 1, and their majority had not voted for them.", Failure(new QbftTestChain(_four).Add(_four).Add(Five)));
    }

    [Fact]
    public void Nothing_rests_on_block_0_which_nobody_seals()
    {
        SignedTransaction transaction = _fifth.Sign(new TransactionRequest { ChainId = 20260, Nonce = 0, GasLimit = 50_000, To = _fifth.Address });
        QbftTestChain chain = new(_four, inGenesis: transaction);
        Assert.True(OfflineChain.TryVerify(chain.Blocks, 20260, out _, out string? broken), broken);
        Assert.Equal("Block 0 carries transactions, which a genesis block never does, and which nobody sealed.", Failure(chain));
    }

    [Fact]
    public void The_genesis_file_names_the_first_validators_in_any_order_and_blocks_in_ascending_order()
    {
        QbftTestChain chain = new QbftTestChain(_four, descending: true).Add(_four).Add(_four, proposer: 1);
        Assert.Equal(8UL, Verified(chain).Seals);
        Assert.True(OfflineChain.TryVerify(chain.Blocks, 20260, out _, out string? failure), failure);
        // The order is part of block 0.
        Assert.Equal("Block 0 names other validators than the genesis file.", Failure(chain, new QbftTestChain(_four).Genesis()));
    }

    [Fact]
    public void A_majority_adds_a_validator_who_then_counts()
    {
        QbftVote add = new(_fifth.Address, Adds: true);
        QbftTestChain chain = new QbftTestChain(_four).Add(_four, 0, add).Add(_four, 1, add).Add(_four, 2, add).Add(Five, 4);
        Assert.Equal(5, Verified(chain).Validators.Count);
        // Four of five are needed now.
        chain.Add(_fifth, Five, [_fifth, .. _four[..2]]);
        Assert.Equal("Block 5 is sealed by 3 of 5 validators; 4 are needed.", Failure(chain));
    }

    [Fact]
    public void A_majority_removes_a_validator_whose_seal_and_votes_then_count_no_more()
    {
        QbftVote remove = new(_four[3].Address, Adds: false), add = new(_fifth.Address, Adds: true);
        QbftTestChain removed = new QbftTestChain(_four).Add(_four, 3, add).Add(_four, 0, remove).Add(_four, 1, remove).Add(_four, 2, remove).Add(_four[..3], 0, add);
        Assert.Equal(3, Verified(removed).Validators.Count);
        // With the removed one's vote it would be two of three.
        Assert.Equal(
            "Block 6 names other validators than block 5, and their majority had not voted for them.", Failure(removed.Add([.. _four[..3], _fifth])));
        Assert.Equal(
            "Block 5 is sealed by 1 of 3 validators; 2 are needed.",
            Failure(new QbftTestChain(_four).Add(_four, 0, remove).Add(_four, 1, remove).Add(_four, 2, remove).Add(_four[..3]).Add(_four[0], _four[..3], [_four[0], _four[3]])));
    }

    [Fact]
    public void Half_of_the_validators_are_no_majority_and_nobody_votes_twice()
    {
        QbftVote add = new(_fifth.Address, Adds: true);
        Assert.NotNull(Failure(new QbftTestChain(_four).Add(_four, 0, add).Add(_four, 1, add).Add(Five)));
        Assert.NotNull(Failure(new QbftTestChain(_four).Add(_four, 0, add).Add(_four, 0, add).Add(_four, 0, add).Add(Five)));
    }

    [Fact]
    public void A_vote_that_was_taken_back_does_not_count()
    {
        QbftVote add = new(_fifth.Address, Adds: true);
        QbftTestChain chain = new QbftTestChain(_four).Add(_four, 0, add).Add(_four, 1, add).Add(_four, 0, add with { Adds = false }).Add(_four, 2, add);
        Assert.Equal("Block 5 names other validators than block 4, and their majority had not voted for them.", Failure(chain.Add(Five)));
    }

    [Fact]
    public void Votes_are_spent_once_an_account_was_added()
    {
        QbftVote add = new(_fifth.Address, Adds: true), remove = add with { Adds = false };
        QbftTestChain chain = new QbftTestChain(_four).Add(_four, 0, add).Add(_four, 1, add).Add(_four, 2, add).Add(Five, 0, remove).Add(Five, 1, remove).Add(Five, 2, remove).Add(_four);
        Assert.Equal(4, Verified(chain).Validators.Count);
        Assert.Equal("Block 8 names other validators than block 7, and their majority had not voted for them.", Failure(chain.Add(Five)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(30_000, true)]
    public void A_vote_counts_for_as_many_blocks_as_an_epoch_has(int epoch, bool holds)
    {
        QbftVote add = new(_fifth.Address, Adds: true);
        QbftTestChain chain = new QbftTestChain(_four).Add(_four, 0, add).Add(_four, 1, add).Add(_four, 2, add).Add(Five);
        Assert.Equal(
            holds ? null : "Block 4 names other validators than block 3, and their majority had not voted for them.",
            Failure(chain, chain.Genesis($"\"qbft\":{{\"epochLength\":{epoch}}}")));
    }

    [Fact]
    public void An_epoch_has_Besus_length_unless_the_genesis_file_says_otherwise() => Assert.Equal(30_000UL, new QbftTestChain(_four).Genesis("\"qbft\":{}").EpochLength);

    [Fact]
    public void One_block_changes_one_validator()
    {
        QbftVote add = new(_fifth.Address, Adds: true), remove = new(_four[3].Address, Adds: false);
        QbftTestChain chain = new(_four);
        for (int i = 0; i < 3; i++)
            chain.Add(_four, i, add).Add(_four, i, remove);
        Assert.NotNull(Failure(chain.Add([.. _four[..3], _fifth])));
    }

    [Fact]
    public void A_proposer_is_a_validator()
    {
        Assert.Equal($"Block 1 was proposed by {_fifth.Address}, which is no validator.", Failure(new QbftTestChain(_four).Add(_fifth, _four, _four)));
    }

    [Fact]
    public void A_block_of_another_kind_is_named()
    {
        Assert.Equal("Block 1 is not of a QBFT network.", Failure(new QbftTestChain(_four).Add(_four[0], _four, _four, mixHash: new byte[32])));
        Assert.Equal("Block 7 is not of a QBFT network.", Assert.IsType<string>(
            QbftSealedChain.TryVerify([TestBlock.Of(1)], new QbftTestChain(_four).Genesis(), out _, out string? failure) ? null : failure));
    }

    private static QbftSealedChain Verified(QbftTestChain chain)
    {
        Assert.True(QbftSealedChain.TryVerify(chain.Blocks, chain.Genesis(), out QbftSealedChain? sealedChain, out string? failure), failure);
        return sealedChain;
    }

    private static string? Failure(QbftTestChain chain, QbftGenesis? genesis = null)
    {
        Assert.Equal(QbftSealedChain.TryVerify(chain.Blocks, genesis ?? chain.Genesis(), out QbftSealedChain? sealedChain, out string? failure), sealedChain is not null);
        return failure;
    }
}
