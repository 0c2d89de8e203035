using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>
/// Checks that every change of the registry was decided under ML-DSA: proposed by a signature of its proposer, and carried by signed votes, each with the key that the
/// registry had for its party then. The chain carries the signatures, and whatever keys the agreement does not hold. A vote without a valid signature is told, and
/// spoils nothing unless the change rests on it: otherwise any member could spoil every audit to come.
/// </summary>
internal sealed class RegistryAudit(ConsortiumAgreement agreement, OfflineRegistry registry)
{
    private readonly LedgerDeployment _deployment = RecordedRounds.DeploymentOf(agreement);
    private readonly PartyDirectory _parties = new(agreement);

    /// <summary>The proposals, in their order; what does not hold is added to <paramref name="findings"/>.</summary>
    public IReadOnlyList<AuditedProposal> Judge(List<AuditFinding> findings)
    {
        var audited = new List<AuditedProposal>();
        foreach (ProposalRecord proposal in registry.History.Proposals)
        {
            bool proposed = IsSigned(proposal.Words(agreement.Federation, _deployment), proposal.Proposer, proposal.Version, proposal.Step);
            VoteRecord[] signed = [.. proposal.Votes.Where(vote =>
                IsSigned(proposal.Ballot(agreement.Federation, _deployment, vote.Support), vote.Voter, vote.Version, vote.Step))];
            if (proposal.Execution is { } carried && !(proposed && proposal.IsDecidedBy(registry.History, signed)))
                findings.Add(new AuditFinding(
                    $"registry version {carried.Version}",
                    $"Proposal {proposal.Number} was executed, but {(proposed ? $"only {signed.Length} of its {proposal.Votes.Length} votes are" : "it is not")} signed under ML-DSA."));
            string[] unsigned = [.. proposal.Votes.Except(signed).Select(vote => _parties.NameOf(vote.Voter))];
            audited.Add(new AuditedProposal(
                proposal.Number, proposal.Change, _parties.NameOf(proposal.Account), proposal.Role, proposal.Execution,
                proposed ? unsigned : [_parties.NameOf(proposal.Proposer), .. unsigned], proposal.Step.TransactionHash));
        }
        return audited;
    }

    private bool IsSigned<TRecord>(TRecord words, EthereumAddress signer, ulong version, LedgerStep step)
        where TRecord : IRecord<TRecord> => _parties.IsSigned(registry.History, words, signer, version, registry.SignatureOf(step).Span);
}
