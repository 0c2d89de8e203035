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

    /// <summary>The proposals, in their order; what does not hold is added to <paramref name="findings"/>.</summary>
    public IReadOnlyList<AuditedProposal> Judge(List<AuditFinding> findings)
    {
        var audited = new List<AuditedProposal>();
        foreach (ProposalRecord proposal in registry.History.Proposals)
        {
            string name = $"registry proposal {proposal.Number}";
            RegistryProposal words = proposal.Words(agreement.Federation, _deployment);
            if (!IsSigned(words, proposal.Proposer, proposal.Version, proposal.Step))
                findings.Add(new AuditFinding(name, $"It is not signed under ML-DSA by {NameOf(proposal.Proposer)}."));
            Digest body = RecordBytes.DigestOf(words);
            foreach (VoteRecord vote in proposal.Votes)
            {
                RegistryVote ballot = new(agreement.Federation, _deployment.ChainId, _deployment.Registry, proposal.Number, body, vote.Support);
                if (!IsSigned(ballot, vote.Voter, vote.Version, vote.Step))
                    findings.Add(new AuditFinding(name, $"The vote of {NameOf(vote.Voter)} is not signed by it under ML-DSA."));
            }
            audited.Add(new AuditedProposal(
                proposal.Number, proposal.Change, NameOf(proposal.Account), proposal.Role, proposal.Execution, proposal.Step.TransactionHash));
        }
        return audited;
    }

    private bool IsSigned<TRecord>(TRecord words, EthereumAddress signer, ulong version, LedgerStep step)
        where TRecord : IRecord<TRecord> =>
        registry.History.At(version)?.Find(signer) is { } party && KeyOf(party) is { } key
        && key.Verifies(TRecord.Kind, RecordBytes.Of(words), registry.SignatureOf(step).Span);

    private VerificationKey? KeyOf(RegistryParty party)
    {
        VerificationKey? founding = party.Account == agreement.Coordinator.Account ? agreement.Coordinator.Key : agreement.Find(party.Account)?.Key;
        return founding?.Digest == party.SigningKeyHash ? founding
            : VerificationKey.TryParse(party.SigningKey.Span, out VerificationKey? key) ? key : null;
    }

    private string NameOf(EthereumAddress account) =>
        account == agreement.Coordinator.Account ? agreement.Coordinator.Id.Name : agreement.Find(account)?.Id.Name ?? account.ToString();
}
