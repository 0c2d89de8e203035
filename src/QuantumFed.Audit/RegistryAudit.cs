using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>
/// Checks that every change of the registry was decided under ML-DSA: proposed by a signature of its proposer, and carried by signed votes, each with the key that the
/// registry had for its party then. The chain carries the signatures, and whatever keys the agreement does not hold. A vote without a valid signature is told, and
/// spoils nothing unless the change rests on it: otherwise any member could spoil every audit to come. Such a change is a finding, and a remark where whoever runs
/// the audit accepts just that one.
/// </summary>
internal sealed class RegistryAudit(ConsortiumAgreement agreement, OfflineRegistry registry, AcceptedProposals accepted)
{
    private readonly LedgerDeployment _deployment = RecordedRounds.DeploymentOf(agreement);
    private readonly PartyDirectory _parties = new(agreement);

    /// <summary>The proposals, in their order; what does not hold is added to <paramref name="findings"/>, what was accepted to <paramref name="remarks"/>.</summary>
    public IReadOnlyList<AuditedProposal> Judge(List<AuditFinding> findings, List<AuditRemark> remarks)
    {
        var audited = new List<AuditedProposal>();
        foreach (ProposalRecord proposal in registry.History.Proposals)
        {
            bool proposed = IsSigned(proposal.Words(agreement.Federation, _deployment), proposal.Proposer, proposal.Version, proposal.Step);
            VoteRecord[] signed = [.. proposal.Votes.Where(vote =>
                IsSigned(proposal.Ballot(agreement.Federation, _deployment, vote.Support), vote.Voter, vote.Version, vote.Step))];
            bool accepts = proposal.Execution is not null && accepted.Includes(proposal);
            bool decided = proposed && proposal.IsDecidedBy(registry.History, signed);
            if (proposal.Execution is { } carried)
                Tell(new UnsignedChange(proposal, proposed, [.. signed.Where(vote => vote.Support)]), $"registry version {carried.Version}", decided, accepts, findings, remarks);
            string[] unsigned = [.. proposal.Votes.Except(signed).Select(vote => _parties.NameOf(vote.Voter))];
            audited.Add(new AuditedProposal(
                proposal.Number, proposal.Change, _parties.NameOf(proposal.Account), proposal.Role, proposal.Execution,
                proposed ? unsigned : [_parties.NameOf(proposal.Proposer), .. unsigned], accepts && !decided, proposal.Step.TransactionHash));
        }
        findings.AddRange(accepted.OfOtherTransactions(registry.History).Select(wrong => new AuditFinding(
            $"proposal {wrong.Entry.Number}",
            $"This audit was to accept {wrong.Entry}, but what executed it is transaction 0x{wrong.Proposal.Execution!.Step.TransactionHash}: a slip, or another ledger.")));
        findings.AddRange(accepted.NotExecuted(registry.History).Select(entry => new AuditFinding(
            $"proposal {entry.Number}", $"This audit was to accept {entry}, but the archived chain has no execution of it: a slip, or a chain that was cut short.")));
        return audited;
    }

    private void Tell(UnsignedChange change, string version, bool decided, bool accepts, List<AuditFinding> findings, List<AuditRemark> remarks)
    {
        ulong number = change.Proposal.Number;
        if (decided && accepts)
            remarks.Add(new AuditRemark(version, $"Proposal {number} did not have to be accepted: the members' signatures decided it."));
        if (decided)
            return;
        string what = $"Proposal {number} was executed, but {change.Shortfall(_parties)}.";
        if (accepts)
            remarks.Add(new AuditRemark(version, $"{what} It was accepted by whoever ran this audit."));
        else
            findings.Add(new AuditFinding(
                version, $"{what} Whoever knows that the consortium agreed to it by other means can say so: qf audit verify --accept-proposal {AcceptedProposal.Of(change.Proposal)}"));
    }

    private bool IsSigned<TRecord>(TRecord words, EthereumAddress signer, ulong version, LedgerStep step)
        where TRecord : IRecord<TRecord> => _parties.IsSigned(registry.History, words, signer, version, registry.SignatureOf(step).Span);
}
