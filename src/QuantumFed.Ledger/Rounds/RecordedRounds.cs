using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Puts what the ledger says of a round, in accounts, into the agreement's names.</summary>
public static class RecordedRounds
{
    /// <summary>The charter that an agreement asks the ledger to hold.</summary>
    public static ConsortiumCharter CharterOf(ConsortiumAgreement agreement, Digest initialModel) => ConsortiumCharter.Create(
        agreement.Federation, agreement.Digest,
        new CharterParty(agreement.Coordinator.Account, agreement.Coordinator.Key.Digest, Digest.Of(agreement.Coordinator.PayloadKey.Span)),
        agreement.Members.Select(member => new CharterParty(member.Account, member.Key.Digest)), agreement.Ledger.Voting, initialModel);

    /// <summary>Where an agreement says that the contracts are.</summary>
    public static LedgerDeployment DeploymentOf(ConsortiumAgreement agreement) =>
        new(agreement.Ledger.ChainId, agreement.Ledger.Registry, agreement.Ledger.Rounds);

    /// <summary>The agreement as the registry has changed it in one of its versions: keys that were replaced, members that are suspended.</summary>
    /// <exception cref="LedgerMismatchException">The registry has for a party of the agreement what the agreement cannot express.</exception>
    public static ConsortiumAgreement InForce(ConsortiumAgreement agreement, RegistryState registry)
    {
        if (registry.Version == 0)
            return agreement;
        RegistryParty coordinator = PartyOf(agreement.Coordinator.Account, registry);
        return agreement.InForce(
            agreement.Coordinator with
            {
                Key = KeyOf(coordinator, agreement.Coordinator.Key),
                PayloadKey = coordinator.SealingKeyHash == Digest.Of(agreement.Coordinator.PayloadKey.Span) ? agreement.Coordinator.PayloadKey
                    : !coordinator.SealingKey.IsEmpty ? coordinator.SealingKey
                    : throw new LedgerMismatchException("The members left the coordinator without a sealing key: no update could be sealed to it."),
                Suspended = coordinator is not { IsActive: true, Role: PartyRole.Coordinator },
            },
            [.. agreement.Members.Select(member => (member, party: PartyOf(member.Account, registry))).Select(pair =>
                pair.member with { Key = KeyOf(pair.party, pair.member.Key), Suspended = !pair.party.IsActiveMember })]);
    }

    /// <summary>
    /// The round in the agreement's names. Members that were admitted by vote have none: what they do by themselves is counted or left out, so that none of them can
    /// stop the others for ever.
    /// </summary>
    /// <exception cref="LedgerMismatchException">The coordinator closed the round with an account that is not in the agreement.</exception>
    public static RecordedRound From(RoundRecord record, ConsortiumAgreement agreement)
    {
        var signatures = new Dictionary<(RecordKind, MemberId?), Digest> { [(RecordKind.RoundPlan, null)] = record.Opened.SignatureHash };
        if (record.Closed is { } closed)
            signatures[(RecordKind.RoundClosing, null)] = closed.SignatureHash;
        if (record.Ended is { } ended)
            signatures[(record.Phase == RoundPhase.Abandoned ? RecordKind.Abandonment : RecordKind.Finalization, null)] = ended.SignatureHash;
        var commitments = new Dictionary<MemberId, Digest>();
        foreach ((MemberId member, RoundCommitment commitment) in Named(record.Commitments, agreement))
        {
            commitments[member] = commitment.Commitment;
            signatures[(RecordKind.UpdateManifest, member)] = commitment.Step.SignatureHash;
        }
        foreach ((MemberId member, RoundAttestation attestation) in Named(record.Attestations, agreement))
            signatures[(RecordKind.Attestation, member)] = attestation.Step.SignatureHash;
        return new RecordedRound
        {
            Round = record.Round,
            Phase = PhaseOf(record.Phase),
            Plan = record.PlanHash,
            PreviousModel = record.PreviousModelHash,
            SeedBlock = record.SeedBlockHash,
            CommitDeadline = record.CommitDeadline,
            MinParticipants = (ushort)record.MinParticipants,
            Commitments = commitments,
            UnnamedCommitments = record.Commitments.Count - commitments.Count,
            Participants = [.. record.Participants.Select(account => NameOf(account, agreement)).Order()],
            Exclusions = [.. record.Exclusions
                .Select(exclusion => new Exclusion(NameOf(exclusion.Member, agreement), (ExclusionReason)exclusion.Reason))
                .OrderBy(exclusion => exclusion.Member)],
            Closing = record.SetHash,
            TranscriptRoot = record.TranscriptRoot,
            Model = record.ModelHash,
            Metadata = record.MetadataHash,
            RegistryVersion = record.RegistryVersion,
            LinkReports = Named(record.LinkReports, agreement).ToDictionary(
                pair => pair.Member, pair => new RecordedLinkReport(pair.Value.Outcome, pair.Value.ReportHash, pair.Value.Step.SignatureHash)),
            Signatures = signatures,
        };
    }

    private static RegistryParty PartyOf(EthereumAddress account, RegistryState registry) =>
        registry.Find(account) ?? throw new LedgerMismatchException($"The registry does not have account {account}, a party of the agreement.");

    private static VerificationKey KeyOf(RegistryParty party, VerificationKey founding) =>
        party.SigningKeyHash == founding.Digest ? founding
        : VerificationKey.TryParse(party.SigningKey.Span, out VerificationKey? key) ? key
        : throw new LedgerMismatchException($"The members gave account {party.Account} a record key that is not an ML-DSA-65 key.");

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

    private static IEnumerable<(MemberId Member, T Value)> Named<T>(IEnumerable<KeyValuePair<EthereumAddress, T>> byAccount, ConsortiumAgreement agreement) =>
        byAccount.Where(pair => agreement.Find(pair.Key) is not null).Select(pair => (agreement.Find(pair.Key)!.Id, pair.Value));

    private static MemberId NameOf(EthereumAddress account, ConsortiumAgreement agreement) =>
        agreement.Find(account)?.Id ?? throw new LedgerMismatchException($"The ledger names account {account}, which is no member's in the agreement.");
}
