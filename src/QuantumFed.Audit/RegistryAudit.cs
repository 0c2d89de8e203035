using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>
/// Checks that every proposal and every vote is signed under ML-DSA by the party that the ledger names, with the key that the registry had for it then. The chain
/// carries the signatures, and whatever keys the agreement does not hold.
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
            string name = $"registry proposal {proposal.Number}";
            if (!IsSigned(proposal.Words(agreement.Federation, _deployment), proposal.Proposer, proposal.Version, proposal.Step))
                findings.Add(new AuditFinding(name, $"It is not signed under ML-DSA by {_parties.NameOf(proposal.Proposer)}."));
            foreach (VoteRecord vote in proposal.Votes)
            {
                if (!IsSigned(proposal.Ballot(agreement.Federation, _deployment, vote.Support), vote.Voter, vote.Version, vote.Step))
                    findings.Add(new AuditFinding(name, $"The vote of {_parties.NameOf(vote.Voter)} is not signed by it under ML-DSA."));
            }
            audited.Add(new AuditedProposal(
                proposal.Number, proposal.Change, _parties.NameOf(proposal.Account), proposal.Role, proposal.Execution, proposal.Step.TransactionHash));
        }
        return audited;
    }

    private bool IsSigned<TRecord>(TRecord words, EthereumAddress signer, ulong version, LedgerStep step)
        where TRecord : IRecord<TRecord> => _parties.IsSigned(registry.History, words, signer, version, registry.SignatureOf(step).Span);
}
