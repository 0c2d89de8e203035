using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Puts what the ledger says of a round, in accounts, into the agreement's names.</summary>
public static class RecordedRounds
{
    /// <summary>The charter that an agreement asks the ledger to hold.</summary>
    public static ConsortiumCharter CharterOf(ConsortiumAgreement agreement, Digest initialModel) => ConsortiumCharter.Create(
        agreement.Federation, agreement.Digest, new CharterParty(agreement.Coordinator.Account, agreement.Coordinator.Key.Digest),
        agreement.Members.Select(member => new CharterParty(member.Account, member.Key.Digest)), initialModel);

    /// <summary>Where an agreement says that the contracts are.</summary>
    public static LedgerDeployment DeploymentOf(ConsortiumAgreement agreement) =>
        new(agreement.Ledger.ChainId, agreement.Ledger.Registry, agreement.Ledger.Rounds);

    /// <summary>The round in the agreement's names.</summary>
    /// <exception cref="LedgerMismatchException">The ledger names an account that is not in the agreement.</exception>
    public static RecordedRound From(RoundRecord record, ConsortiumAgreement agreement)
    {
        var signatures = new Dictionary<(RecordKind, MemberId?), Digest> { [(RecordKind.RoundPlan, null)] = record.Opened.SignatureHash };
        if (record.Closed is { } closed)
            signatures[(RecordKind.RoundClosing, null)] = closed.SignatureHash;
        if (record.Ended is { } ended)
            signatures[(record.Phase == RoundPhase.Abandoned ? RecordKind.Abandonment : RecordKind.Finalization, null)] = ended.SignatureHash;
        foreach ((EthereumAddress account, RoundCommitment commitment) in record.Commitments)
            signatures[(RecordKind.UpdateManifest, NameOf(account, agreement))] = commitment.Step.SignatureHash;
        foreach ((EthereumAddress account, RoundAttestation attestation) in record.Attestations)
            signatures[(RecordKind.Attestation, NameOf(account, agreement))] = attestation.Step.SignatureHash;
        return new RecordedRound
        {
            Round = record.Round,
            Phase = PhaseOf(record.Phase),
            Plan = record.PlanHash,
            PreviousModel = record.PreviousModelHash,
            SeedBlock = record.SeedBlockHash,
            CommitDeadline = record.CommitDeadline,
            MinParticipants = (ushort)record.MinParticipants,
            Commitments = record.Commitments.ToDictionary(pair => NameOf(pair.Key, agreement), pair => pair.Value.Commitment),
            Participants = [.. record.Participants.Select(account => NameOf(account, agreement)).Order()],
            Exclusions = [.. record.Exclusions
                .Select(exclusion => new Exclusion(NameOf(exclusion.Member, agreement), (ExclusionReason)exclusion.Reason))
                .OrderBy(exclusion => exclusion.Member)],
            Closing = record.SetHash,
            TranscriptRoot = record.TranscriptRoot,
            Model = record.ModelHash,
            LinkReports = record.LinkReports.ToDictionary(
                pair => NameOf(pair.Key, agreement),
                pair => new RecordedLinkReport(pair.Value.Outcome, pair.Value.ReportHash, pair.Value.Step.SignatureHash)),
            Signatures = signatures,
        };
    }

    private static RecordedPhase PhaseOf(RoundPhase phase) => phase switch
    {
        RoundPhase.Open => RecordedPhase.Open,
        RoundPhase.Frozen => RecordedPhase.Frozen,
        RoundPhase.Closed => RecordedPhase.Closed,
        RoundPhase.Finalized => RecordedPhase.Finalized,
        RoundPhase.Failed => RecordedPhase.Failed,
        RoundPhase.Abandoned => RecordedPhase.Abandoned,
        _ => RecordedPhase.None,
    };

    private static MemberId NameOf(EthereumAddress account, ConsortiumAgreement agreement) =>
        agreement.Find(account)?.Id ?? throw new LedgerMismatchException($"The ledger names account {account}, which is no member's in the agreement.");
}
