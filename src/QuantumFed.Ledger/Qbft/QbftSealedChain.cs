using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Ledger;

/// <summary>
/// A chain of which every block after the first was sealed by a quorum of validators, from those of a genesis file that is known from elsewhere on. Immutable.
/// </summary>
/// <remarks>
/// Rules: Besu's header rules for QBFT (validators, coinbase, commit seals). Takes time in proportion to the seals: recovering one takes a fraction of a millisecond.
/// </remarks>
public sealed class QbftSealedChain
{
    private QbftSealedChain(QbftValidators validators, ulong seals)
    {
        Validators = validators;
        Seals = seals;
    }

    /// <summary>The validators that the last block names.</summary>
    public QbftValidators Validators { get; }

    /// <summary>The validators' seals that were checked, over all blocks.</summary>
    public ulong Seals { get; }

    /// <summary>Checks the seals of blocks from 0 on, which follow each other (<see cref="OfflineChain.TryVerify"/>); <see langword="false"/>, and why, at the first block that is not sealed.</summary>
    public static bool TryVerify(
        IReadOnlyList<BlockEvidence> blocks, QbftGenesis genesis, [NotNullWhen(true)] out QbftSealedChain? chain, [NotNullWhen(false)] out string? failure)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(genesis);
        chain = null;
        QbftValidatorTally tally = new(genesis.Validators, genesis.EpochLength);
        // Block 0 has no seals, and its place here is empty.
        var sealers = new List<(QbftHeader Header, QbftValidators Validators)>(blocks.Count);
        failure = null;
        foreach (BlockEvidence block in blocks)
        {
            failure = Follow(block, genesis, tally, out QbftHeader? header);
            if (failure is not null)
                break;
            sealers.Add((header!, tally.Current));
        }
        // The seals are by far the most work, and each block's are its own. A block without its seals comes before whatever failed above.
        long seals = 0;
        ParallelLoopResult loop = Parallel.For(1, Math.Max(1, sealers.Count), (number, state) =>
        {
            QbftSealCheck check = CheckOf(number);
            _ = Interlocked.Add(ref seals, check.Signers.Length);
            if (!check.HasQuorum)
                state.Break();
        });
        if (loop.LowestBreakIteration is { } unsealed)
        {
            QbftSealCheck check = CheckOf((int)unsealed);
            failure = $"Block {unsealed} is sealed by {check.Signers.Length} of {sealers[(int)unsealed].Validators.Count} validators; {check.Required} are needed.";
        }
        if (failure is null)
            chain = new QbftSealedChain(tally.Current, (ulong)seals);
        return chain is not null;

        QbftSealCheck CheckOf(int number) => QbftSealCheck.Of(sealers[number].Header, sealers[number].Validators);
    }

    private static string? Follow(BlockEvidence block, QbftGenesis genesis, QbftValidatorTally tally, out QbftHeader? header)
    {
        header = null;
        if (block.Number == 0)
            return FirstFailure(block, genesis);
        if (!QbftHeader.TryParse(block.Header.Encoded, out header) || header.Hash != block.Hash)
            return $"Block {block.Number} is not of a QBFT network.";
        if (!tally.TryMoveTo(block.Number, header.ExtraData.Validators))
            return $"Block {block.Number} names other validators than block {block.Number - 1}, and their majority had not voted for them.";
        if (!tally.Current.Contains(header.Proposer))
            return $"Block {block.Number} was proposed by {header.Proposer}, which is no validator.";
        if (header.ExtraData.Vote is { } vote)
            tally.Count(block.Number, header.Proposer, vote);
        return null;
    }

    // Nobody seals block 0, so nothing may rest on it but what the genesis file says: a whole forged history would fit into its transactions.
    private static string? FirstFailure(BlockEvidence block, QbftGenesis genesis)
    {
        (ReadOnlyMemory<byte> extraData, bool isQbft) = QbftHashing.Read(block.Header);
        if (!extraData.Span.SequenceEqual(genesis.ExtraData.Span))
            return isQbft ? "Block 0 names other validators than the genesis file." : "Block 0 is not of a QBFT network.";
        return block.RawTransactions.Count > 0 ? "Block 0 carries transactions, which a genesis block never does, and which nobody sealed." : null;
    }
}
