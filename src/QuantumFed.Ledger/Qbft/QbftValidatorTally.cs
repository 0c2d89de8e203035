using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// The validators of a QBFT chain, block after block, and their votes on each other. A set of validators follows another if it differs by one account, and
/// a majority of the old set voted for that in their blocks.
/// </summary>
/// <remarks>
/// Besu forgets votes at each epoch's block, and its versions differ in whether that block's own vote counts (VoteTallyUpdater) and whether votes for a removal are
/// kept (VoteTally.discardOutstandingVotes, until spring 2026). Here a vote counts for as many blocks as an epoch has: whatever two versions count within one epoch
/// counts, and no vote of long ago, which would let fewer than a quorum shrink the set that has to seal.
/// </remarks>
internal sealed class QbftValidatorTally(QbftValidators first, ulong epochLength)
{
    // Of each proposer, by the account it voted about. Sorted: proposers choose those, and could choose some with one hash code.
    private readonly SortedDictionary<EthereumAddress, SortedDictionary<EthereumAddress, (bool Adds, ulong Block)>> _votes = [];

    /// <summary>The validators of the block that was last moved to.</summary>
    public QbftValidators Current { get; private set; } = first;

    /// <summary>Counts the vote of a block's proposer; the last one about an account is what it says of it.</summary>
    public void Count(ulong block, EthereumAddress proposer, QbftVote vote)
    {
        if (!_votes.TryGetValue(proposer, out SortedDictionary<EthereumAddress, (bool Adds, ulong Block)>? own))
            _votes.Add(proposer, own = []);
        own[vote.Recipient] = (vote.Adds, block);
    }

    /// <summary>Whether the validators that the next block names are the same, or those that a majority voted for.</summary>
    public bool TryMoveTo(ulong block, QbftValidators next)
    {
        EthereumAddress[] changed = [.. Current.Ascending.Except(next.Ascending), .. next.Ascending.Except(Current.Ascending)];
        if (changed.Length == 0)
            return true;
        if (changed is not [var subject] || Current.Ascending.Count(proposer => HasVotedFor(block, proposer, subject, next.Contains(subject))) <= Current.Count / 2)
            return false;
        // Its own votes are spent with those about it. The votes are never gone through: a chain that nobody sealed may hold any number of them.
        _ = _votes.Remove(subject);
        foreach (SortedDictionary<EthereumAddress, (bool Adds, ulong Block)> own in _votes.Values)
            _ = own.Remove(subject);
        Current = next;
        return true;
    }

    private bool HasVotedFor(ulong block, EthereumAddress proposer, EthereumAddress subject, bool adds) =>
        _votes.TryGetValue(proposer, out SortedDictionary<EthereumAddress, (bool Adds, ulong Block)>? own)
        && own.TryGetValue(subject, out (bool Adds, ulong Block) said) && said.Adds == adds && block - said.Block <= epochLength;
}
