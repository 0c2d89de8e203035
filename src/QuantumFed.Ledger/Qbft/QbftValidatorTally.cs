using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// The validators of a QBFT chain, block after block, and their votes on each other. A set of validators follows another if it differs by one account, and
/// a majority of the old set voted for that in their blocks.
/// </summary>
/// <remarks>
/// At an epoch's block all votes are forgotten and its own does not count (Besu's VoteTallyUpdater). Besu before spring 2026 could keep votes for a removal beyond it
/// (VoteTally.discardOutstandingVotes): such a removal does not hold here. To count old votes would let fewer than a quorum shrink the set that has to seal.
/// </remarks>
internal sealed class QbftValidatorTally(QbftValidators first)
{
    // Of each proposer, by the account it voted about. Sorted: proposers choose those, and could choose some with one hash code.
    private readonly SortedDictionary<EthereumAddress, SortedDictionary<EthereumAddress, bool>> _votes = [];

    /// <summary>The validators of the block that was last moved to.</summary>
    public QbftValidators Current { get; private set; } = first;

    /// <summary>Counts the vote of a block's proposer; the last one about an account is what it says of it.</summary>
    public void Count(EthereumAddress proposer, QbftVote vote)
    {
        if (!_votes.TryGetValue(proposer, out SortedDictionary<EthereumAddress, bool>? own))
            _votes.Add(proposer, own = []);
        own[vote.Recipient] = vote.Adds;
    }

    /// <summary>Forgets all votes.</summary>
    public void Forget() => _votes.Clear();

    /// <summary>Whether the validators that the next block names are the same, or those that a majority voted for.</summary>
    public bool TryMoveTo(QbftValidators next)
    {
        EthereumAddress[] changed = [.. Current.Ascending.Except(next.Ascending), .. next.Ascending.Except(Current.Ascending)];
        if (changed.Length == 0)
            return true;
        if (changed is not [var subject] || Current.Ascending.Count(proposer => HasVotedFor(proposer, subject, next.Contains(subject))) <= Current.Count / 2)
            return false;
        // Its own votes are spent with those about it. The votes are never gone through: a chain that nobody sealed may hold any number of them.
        _ = _votes.Remove(subject);
        foreach (SortedDictionary<EthereumAddress, bool> own in _votes.Values)
            _ = own.Remove(subject);
        Current = next;
        return true;
    }

    private bool HasVotedFor(EthereumAddress proposer, EthereumAddress subject, bool adds) =>
        _votes.TryGetValue(proposer, out SortedDictionary<EthereumAddress, bool>? own) && own.TryGetValue(subject, out bool said) && said == adds;
}
