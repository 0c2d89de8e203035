using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>
/// One round of a consortium, step by step, with the ledger as a value that the test may change. Each step is done as the honest parties do it;
/// an attacker takes the place of a step.
/// </summary>
internal sealed class RoundPlay : IDisposable
{
    private readonly Dictionary<MemberId, RoundKeyPair> _roundKeys = [];
    private readonly Dictionary<MemberId, CommitteeRound> _committee = [];
    private readonly ModelState _model;
    private readonly Func<MemberId, uint[]>? _contribute;

    public RoundPlay(Hospitals hospitals, RoundId round, ModelState model, Func<MemberId, bool>? seated = null, Func<MemberId, uint[]>? contribute = null)
    {
        (Hospitals, _model, _contribute) = (hospitals, model, contribute);
        foreach (MemberId member in hospitals.Members)
            _roundKeys.Add(member, RoundKeyPair.Generate());
        Announcements = [.. hospitals.Members.Where(seated ?? (_ => true)).Select(member =>
            CommitteeRound.Announce(hospitals.Agreement, round, _roundKeys[member], member, hospitals.KeyOf(member)))];
        foreach (SignedMessage announcement in Announcements)
            hospitals.Objects.Put(announcement.ToArray());
        RoundPlan plan = RoundPlanning.Create(hospitals.Agreement, round, model, Announcements, DateTimeOffset.UnixEpoch.AddYears(60));
        Context = ContextOf(SignedMessage.Sign(plan, hospitals.Agreement.Coordinator.Id, hospitals.CoordinatorKey));
        foreach (MemberId member in hospitals.Members)
            _committee.Add(member, Restarted(member));
        Coordinator = new CoordinatorRound(Context, Announcements, model, hospitals.CoordinatorKey);
        Ledger = new RecordedRound
        {
            Round = round,
            Phase = RecordedPhase.Open,
            Plan = Context.PlanDigest,
            PreviousModel = plan.PreviousModel,
            SeedBlock = Digest.Of("block"u8),
            CommitDeadline = plan.CommitDeadline,
            MinParticipants = plan.MinParticipants,
            Commitments = new Dictionary<MemberId, Digest>(),
            Participants = [],
            Exclusions = [],
            Closing = default,
            TranscriptRoot = default,
            Model = default,
            Metadata = default,
            RegistryVersion = 0,
            LinkReports = new Dictionary<MemberId, RecordedLinkReport>(),
            Signatures = new Dictionary<(RecordKind, MemberId?), Digest> { [(RecordKind.RoundPlan, null)] = Context.Message.SignatureDigest },
        };
    }

    public const string Software = "QuantumFed 0.0.0";

    public static DateTimeOffset EndedAt { get; } = DateTimeOffset.UnixEpoch.AddYears(60);

    public Hospitals Hospitals { get; }

    public IReadOnlyList<SignedMessage> Announcements { get; }

    public RoundContext Context { get; }

    public CoordinatorRound Coordinator { get; }

    public RecordedRound Ledger { get; set; }

    public Dictionary<MemberId, PreparedUpdate> Updates { get; } = [];

    public SignedMessage? Closing { get; private set; }

    public Digest Seed => Context.SeedFrom(Ledger.SeedBlock);

    public CommitteeRound Committee(MemberId member) => _committee[member];

    /// <summary>The committee member after a restart: its round key was on disk, nothing else.</summary>
    public CommitteeRound Restarted(MemberId member) => new(
        Context, RoundKeyPair.ImportPrivateKey(_roundKeys[member].ExportPrivateKey()), member, Hospitals.KeyOf(member));

    public uint[] Contribution(MemberId member)
    {
        if (_contribute is not null)
            return _contribute(member);
        Assert.True(RoundTask.TryContribute(Hospitals.Agreement.Task, _model, Hospitals.DataOf(member), out uint[]? values, out string? failure), failure);
        return values;
    }

    public PreparedUpdate Encrypt(MemberId member) =>
        UpdateEncryptor.Encrypt(Context, Seed, member, Hospitals.KeyOf(member), Contribution(member));

    public PreparedUpdate Deal(MemberId member, Dealer dealer) =>
        dealer.Deal(Context, Seed, member, Hospitals.KeyOf(member), Contribution(member));

    public void Commit(MemberId member, PreparedUpdate update)
    {
        Assert.True(update.Manifest.TryReadUnverified(out UpdateManifest? manifest));
        Updates[member] = update;
        Ledger = Ledger with { Commitments = new Dictionary<MemberId, Digest>(Ledger.Commitments) { [member] = manifest.Commitment } };
        Bind(RecordKind.UpdateManifest, member, update.Manifest);
    }

    /// <summary>Lets all who have not committed do so honestly.</summary>
    public void CommitAll(params IEnumerable<MemberId> except)
    {
        foreach (MemberId member in Hospitals.Members.Except(except).Where(member => !Updates.ContainsKey(member)))
            Commit(member, Encrypt(member));
    }

    public void Freeze()
    {
        Ledger = Ledger with { Phase = RecordedPhase.Frozen };
        Coordinator.Freeze(Ledger);
    }

    /// <summary>The coordinator's answer to an upload: null if it took it.</summary>
    public string? Upload(MemberId member, PreparedUpdate? update = null, SignedMessage? seal = null) =>
        Coordinator.TryAddUpdate(member, update ?? Updates[member], seal ?? Seal(member), out string? failure) ? null : failure;

    /// <summary>The signed header of a seal, as far as the rules read it; the ciphertext and the commitment to the key are not theirs.</summary>
    public SignedMessage Seal(MemberId member, PayloadMode mode = PayloadMode.MLKemAndQuantumKey, MemberId? signer = null, Digest? update = null)
    {
        byte ids = mode == PayloadMode.MLKemAndQuantumKey ? (byte)1 : (byte)0;
        byte[] header = [1, (byte)mode, ids, .. new byte[16 * ids + 1088 + 32]];
        MemberId by = signer ?? member;
        return SignedMessage.Sign(
            new PayloadHeader(update ?? Ledger.Commitments.GetValueOrDefault(member), header), by, Hospitals.KeyOf(by));
    }

    /// <summary>A member's report on its link, which the ledger takes unless the test keeps it from it.</summary>
    public SignedMessage ReportLink(MemberId member, LinkOutcome outcome, bool onLedger = true, Digest? plan = null)
    {
        SignedMessage message = SignedMessage.Sign(
            new LinkReport(plan ?? Context.PlanDigest, outcome, LinkFailure.LinkAlarm, 0, "the link raised an alarm"), member, Hospitals.KeyOf(member));
        if (onLedger)
        {
            Ledger = Ledger with
            {
                LinkReports = new Dictionary<MemberId, RecordedLinkReport>(Ledger.LinkReports)
                {
                    [member] = new RecordedLinkReport(outcome, message.BodyDigest, message.SignatureDigest),
                },
            };
        }
        return message;
    }

    public void UploadAll()
    {
        foreach (MemberId member in Updates.Keys)
            Assert.Null(Upload(member));
    }

    public SignedMessage Report(MemberId member)
    {
        Assert.True(Committee(member).TryReport(Ledger, Coordinator.SharesFor(member), out SignedMessage? report, out string? failure), failure);
        Hospitals.Objects.Put(report.ToArray());
        return report;
    }

    public void ReportAll(params IEnumerable<MemberId> except)
    {
        foreach (MemberId member in Hospitals.Members.Except(except))
            Assert.True(Coordinator.TryAddShareReport(Report(member), out string? failure), failure);
    }

    public RoundClosing Close()
    {
        Assert.True(Coordinator.TryClose(out SignedMessage? message, out RoundClosing? closing, out string? failure), failure);
        Record(message, closing);
        return closing;
    }

    /// <summary>What a lying coordinator does: signs a closing of its own and has the ledger record it.</summary>
    public SignedMessage ForceClose(RoundClosing closing)
    {
        SignedMessage message = SignedMessage.Sign(closing, Hospitals.Agreement.Coordinator.Id, Hospitals.CoordinatorKey);
        Record(message, closing);
        return message;
    }

    /// <summary>The committee member's answer to the closing: its key sum, or why not.</summary>
    public (SignedMessage? KeySum, string? Failure) Open(MemberId member, SignedMessage? closing = null, CommitteeRound? committee = null) =>
        (committee ?? Committee(member)).TryOpen(
            Ledger, closing ?? Closing!, Hospitals.Objects, Hospitals.JournalOf(member), out SignedMessage? keySum, out string? failure)
            ? (keySum, null)
            : (null, failure);

    public void OpenAll(params IEnumerable<MemberId> except)
    {
        foreach (MemberId member in Hospitals.Members.Except(except))
        {
            (SignedMessage? keySum, string? failure) = Open(member);
            Assert.True(keySum is not null, failure);
            Assert.True(Coordinator.TryAddKeySum(keySum, out failure), failure);
        }
    }

    public RoundCompletion CompleteUnrecorded() => Coordinator.Complete(EndedAt, Software);

    public RoundCompletion Complete()
    {
        RoundCompletion completion = CompleteUnrecorded();
        Record(completion.Transcript, completion.Finalization, completion is RoundCompletion.Completed);
        return completion;
    }

    /// <summary>Plays what is left of the round after the commitments, honestly.</summary>
    public RoundCompletion Finish()
    {
        CommitAll();
        Freeze();
        UploadAll();
        ReportAll();
        Close();
        OpenAll();
        return Complete();
    }

    public void Record(RoundTranscript transcript, SignedMessage finalization, bool completed)
    {
        foreach ((_, byte[] data) in transcript.Objects)
            Hospitals.Objects.Put(data);
        Hospitals.Objects.Put(transcript.Index.ToArray());
        Assert.True(finalization.TryReadUnverified(out Finalization? record));
        Ledger = Ledger with
        {
            Phase = completed ? RecordedPhase.Finalized : RecordedPhase.Failed,
            TranscriptRoot = record.TranscriptRoot,
            Model = record.Model,
            Metadata = record.Metadata,
        };
        Bind(RecordKind.Finalization, null, finalization);
    }

    public ReplayResult Replay(SignedMessage finalization, IObjectSource? objects = null) =>
        RoundReplay.Run(Hospitals.Agreement, Ledger, finalization, objects ?? Hospitals.Objects, _model);

    public void Bind(RecordKind kind, MemberId? member, SignedMessage message) =>
        Ledger = Ledger with
        {
            Signatures = new Dictionary<(RecordKind, MemberId?), Digest>(Ledger.Signatures) { [(kind, member)] = message.SignatureDigest },
        };

    public void Dispose()
    {
        foreach (CommitteeRound committee in _committee.Values)
            committee.Dispose();
        foreach (RoundKeyPair key in _roundKeys.Values)
            key.Dispose();
    }

    private RoundContext ContextOf(SignedMessage plan)
    {
        Assert.True(
            RoundContext.TryCreate(
                Hospitals.Agreement, plan, Hospitals.Objects, RoundTask.PurposeOf(Hospitals.Agreement.Task, _model),
                Digest.Of(_model.ToCanonicalBytes()), out RoundContext? context, out string? failure),
            failure);
        return context;
    }

    private void Record(SignedMessage message, RoundClosing closing)
    {
        Closing = message;
        Ledger = Ledger with
        {
            Phase = RecordedPhase.Closed,
            Closing = message.BodyDigest,
            Participants = closing.Participants,
            Exclusions = closing.Exclusions,
        };
        Bind(RecordKind.RoundClosing, null, message);
    }
}
