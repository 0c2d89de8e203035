using System.Collections.Immutable;

namespace QuantumFed.Ledger;

/// <summary>A proposal that was executed and rests on accounts alone: without the votes that are not signed under ML-DSA it would not have been carried.</summary>
/// <param name="Proposal">The proposal.</param>
/// <param name="IsProposed">Whether its proposer signed it.</param>
/// <param name="WithSignature">The yes votes whose voters signed them.</param>
public sealed record UnsignedChange(ProposalRecord Proposal, bool IsProposed, ImmutableArray<VoteRecord> WithSignature)
{
    /// <summary>How many said yes, signed or not.</summary>
    public int Yes => Proposal.Votes.Count(vote => vote.Support);

    /// <summary>What it lacks, and whose fault that is, as part of a sentence.</summary>
    public string Shortfall(PartyDirectory parties)
    {
        ArgumentNullException.ThrowIfNull(parties);
        if (!IsProposed)
            return $"its proposer {parties.NameOf(Proposal.Proposer)} did not sign it under ML-DSA";
        IEnumerable<string> unsigned = Proposal.Votes.Where(vote => vote.Support).Except(WithSignature).Select(vote => parties.NameOf(vote.Voter));
        return $"only {WithSignature.Length} of its {Yes} yes votes are signed under ML-DSA (not those of {string.Join(", ", unsigned)})";
    }
}
