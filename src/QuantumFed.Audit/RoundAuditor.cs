using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>Judges one round: its archive entry, its replay, the members' link reports and attestations, against the archived chain.</summary>
internal sealed class RoundAuditor(RoundArchive archive, OfflineChain chain)
{
    // By the model they were made on: rounds have each their own number, so only openings on one model can be held against each other.
    private readonly SortedDictionary<Digest, List<Opening>> _openings = [];

    /// <summary>Judges a round.</summary>
    /// <param name="agreement">The agreement in force when it was opened.</param>
    /// <param name="record">What the archived chain says of it.</param>
    /// <param name="previous">The model before it.</param>
    /// <param name="next">The model after it, or null if it does not replay.</param>
    public RoundVerdict Judge(ConsortiumAgreement agreement, RoundRecord record, ModelState previous, out ModelState? next)
    {
        var findings = new List<AuditFinding>();
        string name = $"round {record.Round}";
        RecordedRound ledger = RecordedRounds.From(record, agreement);
        var attested = new List<MemberId>();
        var links = new LinkReportAudit(agreement, record, archive.Objects);
        IReadOnlyList<AuditedLinkReport>? linkReports = null;
        next = null;
        if (ledger.Phase is RecordedPhase.Open or RecordedPhase.Frozen or RecordedPhase.Closed)
        {
            findings.Add(new AuditFinding(name, $"It is not over: the ledger has it {ledger.Phase}."));
        }
        else if (!archive.TryReadRound(record.Round, out RoundIndex? index))
        {
            findings.Add(new AuditFinding(name, "Its index is missing from the archive, or damaged."));
        }
        else if (!TryReadMessage(index.Finalization, out SignedMessage? end))
        {
            findings.Add(new AuditFinding($"{name} finalization", $"The object {index.Finalization} is missing or altered."));
        }
        else if (ledger.Phase == RecordedPhase.Abandoned)
        {
            next = JudgeAbandonment(agreement, ledger, end, findings, name) ? previous : null;
        }
        else
        {
            var opening = new Opening(ledger.Round, ledger.Closing, ledger.PreviousModel, ledger.Participants);
            if (!_openings.TryGetValue(opening.PreviousModel, out List<Opening>? onOneModel))
                _openings.Add(opening.PreviousModel, onOneModel = []);
            if (OpeningRules.DifferencingRefusal(agreement, opening, onOneModel) is { } refusal)
                findings.Add(new AuditFinding($"{name} closing", refusal));
            onOneModel.Add(opening);
            ReplayResult replay = RoundReplay.Run(agreement, ledger, end, archive.Objects, previous);
            findings.AddRange(replay.Findings.Select(finding => new AuditFinding($"{name} {finding.Subject}", finding.Problem)));
            next = replay.Verified ? replay.Model : null;
            linkReports = links.Judge(end);
            findings.AddRange(links.Findings.Select(finding => new AuditFinding($"{name} {finding.Subject}", finding.Problem)));
            if (ledger.Phase == RecordedPhase.Finalized)
                JudgeAttestations(agreement, record, ledger, index, attested, findings, name);
        }
        return new RoundVerdict(
            record.Round, ledger.Phase, ledger.Participants, ledger.Model, attested, ledger.Exclusions, linkReports ?? links.ListRecorded(),
            [.. StepsOf(agreement, record)], findings);
    }

    private static bool JudgeAbandonment(
        ConsortiumAgreement agreement, RecordedRound ledger, SignedMessage message, List<AuditFinding> findings, string name)
    {
        if (!message.TryOpen(agreement.Coordinator.Key, out Abandonment? abandonment) || abandonment.Round != ledger.Round
            || abandonment.Federation != agreement.Federation)
            findings.Add(new AuditFinding($"{name} abandonment", "It is not signed by the coordinator for this round."));
        else if (!ledger.Signatures.TryGetValue((RecordKind.Abandonment, null), out Digest recorded) || recorded != message.SignatureDigest)
            findings.Add(new AuditFinding($"{name} abandonment", "Its signature is not the one that the ledger's transaction is bound to."));
        else
            return true;
        return false;
    }

    // Every attestation on the ledger must be in the archive and say the same under ML-DSA; its block hash pins the chain up to the finalisation.
    private void JudgeAttestations(
        ConsortiumAgreement agreement, RoundRecord record, RecordedRound ledger, RoundIndex index, List<MemberId> attested, List<AuditFinding> findings, string name)
    {
        foreach (AgreedMember member in agreement.Members)
        {
            string subject = $"{name} attestation/{member.Id}";
            bool recorded = ledger.Signatures.TryGetValue((RecordKind.Attestation, member.Id), out Digest signature);
            bool archived = index.Attestations.TryGetValue(member.Id, out Digest digest);
            // Handed in but never put on the ledger: the member stopped in between. It counts for nothing, and is no fault.
            if (!recorded)
                continue;
            if (!archived)
                findings.Add(new AuditFinding(subject, "The ledger has it, the archive does not."));
            else if (!TryReadMessage(digest, out SignedMessage? message))
                findings.Add(new AuditFinding(subject, $"The object {digest} is missing or altered."));
            else if (signature != message.SignatureDigest)
                findings.Add(new AuditFinding(subject, "Its signature is not the one that the ledger's transaction is bound to."));
            else if (message.Signer != member.Id || !message.TryOpen(member.Key, out Attestation? attestation)
                || attestation.Plan != ledger.Plan || attestation.TranscriptRoot != ledger.TranscriptRoot || attestation.Model != ledger.Model)
                findings.Add(new AuditFinding(subject, "It is not signed by the member for what the ledger records."));
            else if (attestation.BlockNumber != record.Ended?.BlockNumber || chain.BlockHash(attestation.BlockNumber) != attestation.BlockHash)
                findings.Add(new AuditFinding(subject, $"The member saw another block {attestation.BlockNumber} than the archive holds."));
            else
                attested.Add(member.Id);
        }
    }

    private bool TryReadMessage(Digest digest, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SignedMessage? message)
    {
        message = null;
        return archive.Objects.TryRead(digest, out byte[]? data) && SignedMessage.TryParse(data, out message);
    }

    private static IEnumerable<AuditedStep> StepsOf(ConsortiumAgreement agreement, RoundRecord record)
    {
        string coordinator = agreement.Coordinator.Id.Name;
        string ending = record.Phase switch { RoundPhase.Abandoned => "abandonRound", RoundPhase.Failed => "failRound", _ => "finalizeRound" };
        IEnumerable<AuditedStep?> steps =
        [
            Step(record.Opened, "openRound", coordinator),
            .. record.Commitments.Select(pair => Step(pair.Value.Step, "commitUpdate", NameOf(agreement, pair.Key))),
            .. record.LinkReports.Select(pair => Step(pair.Value.Step, "reportLink", NameOf(agreement, pair.Key))),
            Step(record.Frozen, "freezeCommitments", coordinator),
            Step(record.Closed, "closeRound", coordinator),
            Step(record.Ended, ending, coordinator),
            .. record.Attestations.Select(pair => Step(pair.Value.Step, "attest", NameOf(agreement, pair.Key))),
        ];
        return steps.OfType<AuditedStep>().OrderBy(step => step.Block);
    }

    private static AuditedStep? Step(LedgerStep? step, string function, string party) =>
        step is { } taken ? new AuditedStep(taken.BlockNumber, function, party, taken.TransactionHash) : null;

    private static string NameOf(ConsortiumAgreement agreement, EthereumAddress account) => agreement.Find(account)?.Id.Name ?? account.ToString();
}
