using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using QuantumFed.Audit;
using QuantumFed.Cli;
using QuantumFed.Federation;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using LedgerStep = QuantumFed.Ledger.LedgerStep;

namespace QuantumFed.System.Tests;

/// <summary>What an audit says where the ledger, the transcript and the members' signatures do not agree on a quantum link without a key.</summary>
public sealed class LinkReportAuditTests : IDisposable, IObjectSource
{
    private const ulong ClosedBlock = 20;
    private static readonly MemberId East = MemberId.Parse("east");
    private static readonly MemberId North = MemberId.Parse("north");
    private static readonly Digest Plan = Digest.Of("plan"u8);

    private readonly SigningKey _coordinator;
    private readonly Dictionary<MemberId, SigningKey> _keys = [];
    private readonly Dictionary<Digest, byte[]> _objects = [];
    private readonly List<TranscriptEntry> _transcript = [];
    private readonly Dictionary<EthereumAddress, RoundLinkReport> _ledger = [];
    private readonly ConsortiumAgreement _agreement;

    public LinkReportAuditTests()
    {
        Requires.PostQuantum();
        _coordinator = SigningKey.Generate();
        MemberId[] members = [East, North, MemberId.Parse("south")];
        foreach (MemberId member in members)
            _keys.Add(member, SigningKey.Generate());
        var task = new LearningTask
        {
            Dataset = "links",
            Method = TrainingMethod.Newton,
            Model = new AgreedModel(AgreedModelKind.Logistic, 2, [], 0, 0),
            Features = ["age", "weight"],
            Magnitudes = [7, -3],
            Standardise = Standardise.Federated,
            L2 = 1,
            Rounds = 1,
            Averaging = null,
        };
        _agreement = AgreementFile.Create(
            new FederationId(Digest.Of("federation"u8)), new AgreedLedger(31337, Account(0xf1), Account(0xf2), Account(0xf3), true, VotingRules.Default),
            new AgreedCoordinator(MemberId.Parse("coordinator"), Account(0xf0), _coordinator.VerificationKey, new byte[1184]),
            members.Select((member, i) => new AgreedMember(member, Account((byte)(i + 1)), _keys[member].VerificationKey)),
            threshold: 2, minParticipants: 3, toleratedColluders: 0, task, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30));
        _transcript.Add(new TranscriptEntry(TranscriptLabels.Plan, Plan));
    }

    [Fact]
    public void Reports_on_the_ledger_and_in_the_transcript_are_told_with_all_they_say()
    {
        Hand(North, Record(North, Report() with { StoredKeys = 3, Detail = "no key left" }));
        Hand(East, Record(East, Report() with { Outcome = LinkOutcome.Withheld, Failure = LinkFailure.LinkAlarm }));
        (IReadOnlyList<AuditedLinkReport> reports, IReadOnlyList<AuditFinding> findings) = Judge();
        Assert.Empty(findings);
        Assert.Equal([East, North], reports.Select(report => report.Member));
        Assert.Equal([LinkOutcome.Withheld, LinkOutcome.Downgraded], reports.Select(report => report.Outcome));
        Assert.Equal(Report() with { StoredKeys = 3, Detail = "no key left" }, reports[1].Record);
        Assert.Equal(_ledger[AccountOf(North)].Step.TransactionHash, reports[1].Transaction);
        Assert.Equal(_ledger[AccountOf(North)].Step.BlockNumber, reports[1].Block);
    }

    [Fact]
    public void A_round_without_reports_has_none() => Assert.Empty(Judge().Reports);

    [Fact]
    public void A_report_that_the_ledger_does_not_have_is_named()
    {
        Hand(North, Sign(North, Report()));
        (IReadOnlyList<AuditedLinkReport> reports, IReadOnlyList<AuditFinding> findings) = Judge();
        Assert.Empty(reports);
        Assert.Equal(new AuditFinding("link-report/north", "The transcript has it, the ledger does not."), Assert.Single(findings));
    }

    [Fact]
    public void A_report_under_the_label_of_a_stranger_is_named()
    {
        Hand(MemberId.Parse("zorro"), Sign(North, Report()));
        Assert.Equal("link-report/zorro", Assert.Single(Judge().Findings).Subject);
    }

    [Fact]
    public void A_report_that_only_the_ledger_has_is_told_and_is_no_fault_but_a_wrong_record_of_it_is()
    {
        SignedMessage message = Record(North, Report());
        (IReadOnlyList<AuditedLinkReport> reports, IReadOnlyList<AuditFinding> findings) = Judge();
        Assert.Empty(findings);
        Assert.Null(Assert.Single(reports).Record);
        _objects.Remove(message.Digest);
        _transcript.Add(new TranscriptEntry("link-report/north", message.Digest));
        AssertFound(North, "missing, altered");
    }

    [Fact]
    public void A_report_whose_object_is_missing_or_no_message_is_named()
    {
        SignedMessage message = Record(North, Report());
        Hand(North, message);
        _objects[message.Digest] = [1, 2, 3];
        AssertFound(North, "no signed message");
        _objects.Remove(message.Digest);
        AssertFound(North, "missing");
    }

    [Fact]
    public void A_second_signature_on_the_same_report_is_named()
    {
        Record(North, Report());
        Hand(North, Sign(North, Report()));
        AssertFound(North, "signature is not the one");
    }

    [Fact]
    public void A_report_signed_by_another_party_is_named()
    {
        Hand(North, Record(North, Report(), signer: East));
        AssertFound(North, "not signed by the member");
    }

    [Fact]
    public void A_report_that_only_claims_to_be_the_members_is_named()
    {
        Hand(North, Record(North, Report(), key: _coordinator));
        AssertFound(North, "not signed by the member");
    }

    [Fact]
    public void A_record_of_another_kind_is_named()
    {
        var consent = SignedMessage.Sign(new Consent(Plan), North, _keys[North]);
        RecordOnLedger(North, LinkOutcome.Downgraded, consent.BodyDigest, consent.SignatureDigest, 10);
        Hand(North, consent);
        AssertFound(North, "not signed by the member");
    }

    [Fact]
    public void A_report_of_another_round_is_named()
    {
        Hand(North, Record(North, Report() with { Plan = Digest.Of("another plan"u8) }));
        AssertFound(North, "this round's plan");
    }

    [Fact]
    public void A_report_of_another_outcome_or_body_than_recorded_is_named()
    {
        SignedMessage message = Sign(North, Report());
        Hand(North, message);
        RecordOnLedger(North, LinkOutcome.Withheld, message.BodyDigest, message.SignatureDigest, 10);
        AssertFound(North, "another report");
        RecordOnLedger(North, LinkOutcome.Downgraded, Digest.Of("another"u8), message.SignatureDigest, 10);
        AssertFound(North, "another report");
        RecordOnLedger(North, LinkOutcome.Downgraded, message.BodyDigest, message.SignatureDigest, 10);
        Assert.Empty(Judge().Findings);
    }

    [Fact]
    public void A_transcript_that_is_not_the_ledgers_holds_no_report()
    {
        Hand(North, Record(North, Report()));
        var audit = new LinkReportAudit(_agreement, RecordOf(Digest.Of("another root"u8)), this);
        Assert.Null(Assert.Single(audit.Judge(End())).Record);
        Assert.Empty(audit.Findings);
    }

    [Fact]
    public void A_round_without_a_transcript_tells_what_the_ledger_says()
    {
        Record(North, Report());
        var audit = new LinkReportAudit(_agreement, RecordOf(default), this);
        AuditedLinkReport report = Assert.Single(audit.ListRecorded());
        Assert.Equal((North, LinkOutcome.Downgraded, null), (report.Member, report.Outcome, report.Record));
        Assert.Empty(audit.Findings);
    }

    [Fact]
    public void A_rounds_verdict_tells_of_a_report_and_lists_its_transaction()
    {
        using TemporaryFolder folder = new();
        var archive = new RoundArchive(folder.At("archive"));
        Record(North, Report());
        SignedMessage end = End();
        foreach (byte[] data in _objects.Values.Append(end.ToArray()))
            archive.Objects.Put(data);
        archive.Write(new RoundIndex(default, end.Digest, ImmutableDictionary<MemberId, Digest>.Empty));
        // The chain is asked for the attestations' blocks only, and there are none.
        var auditor = new RoundAuditor(archive, null!);
        RoundVerdict verdict = auditor.Judge(_agreement, RecordOf(new TranscriptIndex(_transcript).Root), RoundTask.InitialModel(_agreement.Task), out _);
        Assert.DoesNotContain(verdict.Findings, finding => finding.Subject.Contains("link-report", StringComparison.Ordinal));
        AssertTold(verdict);
        // A round that is not over has no transcript yet.
        verdict = auditor.Judge(_agreement, RecordOf(default) with { Phase = RoundPhase.Closed }, RoundTask.InitialModel(_agreement.Task), out _);
        Assert.DoesNotContain(verdict.Findings, finding => finding.Subject.Contains("link-report", StringComparison.Ordinal));
        AssertTold(verdict);

        void AssertTold(RoundVerdict told)
        {
            Digest transaction = _ledger[AccountOf(North)].Step.TransactionHash;
            Assert.Contains(new AuditedStep(10, "reportLink", "north", transaction), told.Steps);
            Assert.Equal(new AuditedLinkReport(North, LinkOutcome.Downgraded, null, 10, transaction), Assert.Single(told.LinkReports));
        }
    }

    [Fact]
    public void An_audits_text_and_json_tell_of_each_report()
    {
        Hand(North, Record(North, Report() with { StoredKeys = 3, Detail = "no key left" }));
        Record(East, Report() with { Outcome = LinkOutcome.Withheld }, block: ClosedBlock + 1);
        var verdict = new RoundVerdict(default, RecordedPhase.Finalized, [], default, [], [], Judge().Reports, [], []);
        string[] lines = AuditText.Line(verdict).Split('\n');
        string transaction = $"transaction 0x{_ledger[AccountOf(North)].Step.TransactionHash}";
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("  quantum link of east: no key, sent no update  (its signed report is not in the archive)", lines[1], StringComparison.Ordinal);
        Assert.Equal($"  quantum link of north: no key, sealed with ML-KEM only  (NoneAvailable, 3 stored keys, \"no key left\")  {transaction}", lines[2]);
        Assert.Contains("quantum link of north", AuditText.Line(verdict with { Findings = [new AuditFinding("a", "b")] }), StringComparison.Ordinal);

        JsonElement json = JsonSerializer.SerializeToElement(AuditText.Summary(new AuditReport([], [], [verdict], [], null, 1, 1, false)));
        JsonElement reports = json.GetProperty("Rounds")[0].GetProperty("LinkReports");
        Assert.Equal(JsonValueKind.Null, reports[0].GetProperty("Failure").ValueKind);
        Assert.Equal("withheld", reports[0].GetProperty("Outcome").GetString());
        Assert.Equal("downgraded", reports[1].GetProperty("Outcome").GetString());
        Assert.Equal("NoneAvailable", reports[1].GetProperty("Failure").GetString());
        Assert.Equal(3, reports[1].GetProperty("StoredKeys").GetInt32());
        Assert.Equal("no key left", reports[1].GetProperty("Detail").GetString());
    }

    public bool TryRead(Digest digest, [NotNullWhen(true)] out byte[]? data) => _objects.TryGetValue(digest, out data);

    public void Dispose()
    {
        _coordinator.Dispose();
        foreach (SigningKey key in _keys.Values)
            key.Dispose();
    }

    private static LinkReport Report() => new(Plan, LinkOutcome.Downgraded, LinkFailure.NoneAvailable, null, "");

    private static EthereumAddress Account(byte last) => new([.. new byte[19], last]);

    private EthereumAddress AccountOf(MemberId member) => _agreement.Find(member)!.Account;

    private SignedMessage Sign(MemberId member, LinkReport report) => SignedMessage.Sign(report, member, _keys[member]);

    private SignedMessage Record(MemberId member, LinkReport report, MemberId? signer = null, SigningKey? key = null, ulong block = 10)
    {
        SignedMessage message = SignedMessage.Sign(report, signer ?? member, key ?? _keys[signer ?? member]);
        RecordOnLedger(member, report.Outcome, message.BodyDigest, message.SignatureDigest, block);
        return message;
    }

    private void RecordOnLedger(MemberId member, LinkOutcome outcome, Digest report, Digest signature, ulong block) =>
        _ledger[AccountOf(member)] = new RoundLinkReport(outcome, report, new LedgerStep(Digest.Of([(byte)block]), block, signature));

    private void Hand(MemberId label, SignedMessage message)
    {
        _objects[message.Digest] = message.ToArray();
        _transcript.Add(new TranscriptEntry(TranscriptLabels.LinkReport(label), message.Digest));
    }

    private SignedMessage End()
    {
        var index = new TranscriptIndex(_transcript);
        Digest digest = Digest.Of(index.ToArray());
        _objects[digest] = index.ToArray();
        return SignedMessage.Sign(new Finalization(Plan, digest, index.Root, default, default), _agreement.Coordinator.Id, _coordinator);
    }

    private (IReadOnlyList<AuditedLinkReport> Reports, IReadOnlyList<AuditFinding> Findings) Judge()
    {
        var audit = new LinkReportAudit(_agreement, RecordOf(new TranscriptIndex(_transcript).Root), this);
        return (audit.Judge(End()), audit.Findings);
    }

    private void AssertFound(MemberId member, string problem)
    {
        (IReadOnlyList<AuditedLinkReport> reports, IReadOnlyList<AuditFinding> findings) = Judge();
        AuditFinding finding = Assert.Single(findings);
        Assert.Equal(TranscriptLabels.LinkReport(member), finding.Subject);
        Assert.Contains(problem, finding.Problem, StringComparison.Ordinal);
        Assert.Null(Assert.Single(reports).Record);
    }

    private RoundRecord RecordOf(Digest root) => new()
    {
        Round = default,
        Phase = RoundPhase.Finalized,
        PlanHash = Plan,
        PreviousModelHash = default,
        SeedBlockHash = default,
        CommitDeadline = 0,
        RegistryVersion = 0,
        MetadataHash = default,
        MinParticipants = 3,
        Commitments = ImmutableSortedDictionary<EthereumAddress, RoundCommitment>.Empty,
        Participants = [],
        Exclusions = [],
        SetHash = default,
        TranscriptRoot = root,
        ModelHash = default,
        AbandonReason = 0,
        HistoryHead = default,
        Attestations = ImmutableSortedDictionary<EthereumAddress, RoundAttestation>.Empty,
        LinkReports = _ledger.ToImmutableSortedDictionary(),
        Disputes = [],
        Opened = default,
        Frozen = null,
        Closed = new LedgerStep(default, ClosedBlock, default),
        Ended = null,
    };
}
