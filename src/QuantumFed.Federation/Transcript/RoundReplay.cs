using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// Replays one finished round from its transcript and the ledger, with no secret: signatures, commitments, the committee's reports, the
/// ciphertext sum, the opened key sum, the decoded sum, the model. A member does this before it trains on a model, a regulator years later.
/// </summary>
public sealed class RoundReplay
{
    private readonly ConsortiumAgreement _agreement;
    private readonly RecordedRound _ledger;
    private readonly IObjectSource _objects;
    private readonly ModelState _previous;
    private readonly List<ReplayFinding> _findings = [];
    private TranscriptIndex _index = new([]);

    private RoundReplay(ConsortiumAgreement agreement, RecordedRound ledger, IObjectSource objects, ModelState previous) =>
        (_agreement, _ledger, _objects, _previous) = (agreement, ledger, objects, previous);

    /// <summary>Replays a finalised or failed round.</summary>
    /// <param name="agreement">The consortium's agreement.</param>
    /// <param name="ledger">What the ledger records of the round.</param>
    /// <param name="finalization">The coordinator's signed finalisation.</param>
    /// <param name="objects">The archive.</param>
    /// <param name="previous">The model before the round, as replayed.</param>
    public static ReplayResult Run(
        ConsortiumAgreement agreement, RecordedRound ledger, SignedMessage finalization, IObjectSource objects, ModelState previous)
    {
        // The rules below ask for an object wherever they need it; a replay holds them all in any case.
        var replay = new RoundReplay(agreement, ledger, new ObjectsReadOnce(objects), previous);
        ModelState? model = replay.Run(finalization);
        return new ReplayResult(replay._findings, model);
    }

    private ModelState? Run(SignedMessage finalizationMessage)
    {
        if (!TryReadFinalization(finalizationMessage, out Finalization? finalization) || !TryReadIndex(finalization)
            || !TryReadPlan(finalization, out RoundContext? context))
            return null;
        Digest seed = context.SeedFrom(_ledger.SeedBlock);
        if (!TryReadClosing(context, out SignedMessage? closingMessage, out RoundClosing? closing))
            return null;
        List<CommittedUpdate> updates = ReadUpdates(context, seed, closing);
        CheckLinks(context, closing);
        Dictionary<ushort, ShareSum> keySums = ReadKeySums(context, closingMessage.BodyDigest);
        CheckLabels(context, closing);
        if (_findings.Count > 0)
            return null;
        return _ledger.Phase == RecordedPhase.Failed
            ? ReplayFailure(context, seed, updates, keySums)
            : ReplayOutcome(context, seed, closingMessage.BodyDigest, updates, keySums);
    }

    private bool TryReadFinalization(SignedMessage message, [NotNullWhen(true)] out Finalization? finalization)
    {
        finalization = null;
        if (_ledger.Phase is not (RecordedPhase.Finalized or RecordedPhase.Failed))
            Find("ledger", $"Round {_ledger.Round} is not over on the ledger.");
        else if (message.Signer != _agreement.Coordinator.Id || !message.TryOpen(_agreement.Coordinator.Key, out finalization))
            Find("finalization", "It is not signed by the coordinator.");
        else if (finalization.TranscriptRoot != _ledger.TranscriptRoot || finalization.Model != _ledger.Model || finalization.Metadata != _ledger.Metadata || finalization.Plan != _ledger.Plan)
            Find("finalization", "It is not what the ledger records.");
        else if (_ledger.Phase == RecordedPhase.Failed && !_ledger.Model.IsZero)
            Find("finalization", "A failed round leads to no model, but one is recorded.");
        else
            CheckSignature("finalization", message, RecordKind.Finalization, null);
        return finalization is not null && _findings.Count == 0;
    }

    private bool TryReadIndex(Finalization finalization)
    {
        if (!_objects.TryRead(finalization.Transcript, out byte[]? data) || !TranscriptIndex.TryParse(data, out TranscriptIndex? index))
            Find("transcript", $"The index {finalization.Transcript} is missing or altered.");
        else if (index.Root != _ledger.TranscriptRoot)
            Find("transcript", "Its Merkle root is not the one on the ledger.");
        else
            _index = index;
        foreach (TranscriptEntry entry in _index.Entries)
        {
            if (!_objects.TryRead(entry.Digest, out _))
                Find(entry.Label, $"The object {entry.Digest} is missing or altered.");
        }
        return _findings.Count == 0;
    }

    private bool TryReadPlan(Finalization finalization, [NotNullWhen(true)] out RoundContext? context)
    {
        context = null;
        if (!TryReadMessage(TranscriptLabels.Plan, out SignedMessage? message))
            return false;
        if (!RoundContext.TryCreate(
            _agreement, message, _objects, RoundTask.PurposeOf(_agreement.Task, _previous), Digest.Of(_previous.ToCanonicalBytes()),
            out context, out string? failure))
            Find(TranscriptLabels.Plan, failure);
        else if (context.PlanDigest != _ledger.Plan || context.PlanDigest != finalization.Plan || context.Plan.Round != _ledger.Round
            || context.Plan.PreviousModel != _ledger.PreviousModel || context.Plan.MinParticipants != _ledger.MinParticipants
            || context.Plan.CommitDeadline != _ledger.CommitDeadline)
            Find(TranscriptLabels.Plan, "It is not the plan that the ledger records.");
        else
            CheckSignature(TranscriptLabels.Plan, message, RecordKind.RoundPlan, null);
        return context is not null && _findings.Count == 0;
    }

    private bool TryReadClosing(
        RoundContext context, [NotNullWhen(true)] out SignedMessage? message, [NotNullWhen(true)] out RoundClosing? closing)
    {
        closing = null;
        if (!TryReadMessage(TranscriptLabels.Closing, out message))
            return false;
        if (message.Signer != _agreement.Coordinator.Id || !message.TryOpen(_agreement.Coordinator.Key, out closing))
            Find(TranscriptLabels.Closing, "It is not signed by the coordinator.");
        else if (OpeningRules.Refusal(context, _ledger, closing, message.BodyDigest, []) is { } refusal)
            Find(TranscriptLabels.Closing, refusal);
        else if (RoundClosingRules.Refusal(context, _ledger, closing, _objects) is { } unjustified)
            Find(TranscriptLabels.Closing, unjustified);
        else
            CheckSignature(TranscriptLabels.Closing, message, RecordKind.RoundClosing, null);
        return closing is not null && _findings.Count == 0;
    }

    private List<CommittedUpdate> ReadUpdates(RoundContext context, Digest seed, RoundClosing closing)
    {
        var updates = new List<CommittedUpdate>();
        foreach (MemberId member in closing.Participants)
        {
            if (!TryReadMessage(TranscriptLabels.Manifest(member), out SignedMessage? message)
                || !TryReadObject(TranscriptLabels.Ciphertext(member), out byte[]? ciphertext))
                continue;
            if (message.Signer != member)
                Find(TranscriptLabels.Manifest(member), $"It is signed by '{message.Signer}'.");
            else if (!CommittedUpdate.TryOpen(context, seed, _ledger.Commitments, message, ciphertext, out CommittedUpdate? update, out string? failure))
                Find(TranscriptLabels.Ciphertext(member), failure);
            else if (updates.Any(other => other.Manifest.Ciphertext == update.Manifest.Ciphertext))
                Find(TranscriptLabels.Ciphertext(member), "It is the same as another participant's.");
            else
            {
                CheckSignature(TranscriptLabels.Manifest(member), message, RecordKind.UpdateManifest, member);
                updates.Add(update);
            }
        }
        return updates;
    }

    // How each update travelled, where the agreement gives its sender a quantum link, and what was reported of the links. A report that the ledger has
    // and the transcript lacks is no fault: its sender did not hand it in.
    private void CheckLinks(RoundContext context, RoundClosing closing)
    {
        foreach (AgreedMember member in _agreement.Members.Where(member => member.Link is not null))
        {
            string report = TranscriptLabels.LinkReport(member.Id), seal = TranscriptLabels.Seal(member.Id);
            bool reported = _index.Entries.Any(entry => entry.Label == report) && TryReadMessage(report, out SignedMessage? message)
                && IsReport(context, report, member, message);
            if (closing.Participants.Contains(member.Id) && TryReadMessage(seal, out SignedMessage? header)
                && SealRules.Refusal(
                    member, _ledger.Commitments.GetValueOrDefault(member.Id), header, reported ? _ledger.LinkReports[member.Id] : null) is { } refusal)
                Find(seal, refusal);
        }
    }

    private bool IsReport(RoundContext context, string label, AgreedMember member, SignedMessage message)
    {
        string? failure = $"It is signed by '{message.Signer}'.";
        if (message.Signer == member.Id && LinkReportRules.TryOpen(context, _ledger, message, out _, out failure))
            return true;
        Find(label, failure);
        return false;
    }

    private Dictionary<ushort, ShareSum> ReadKeySums(RoundContext context, Digest closing)
    {
        var keySums = new Dictionary<ushort, ShareSum>();
        foreach (CommitteeSeat seat in context.Plan.Committee)
        {
            string label = TranscriptLabels.KeySum(seat.Member);
            if (!_index.Entries.Any(entry => entry.Label == label) || !TryReadMessage(label, out SignedMessage? message))
                continue;
            if (KeySums.TryOpen(context, closing, message, out ushort receiver, out ShareSum? sum) && receiver == seat.Receiver)
                keySums.Add(receiver, sum);
            else
                Find(label, $"It is not a key sum share of '{seat.Member}' for this closing.");
        }
        return keySums;
    }

    // Nothing may hide in a transcript: its labels are exactly those that the plan and the closing call for. What those name by digest was
    // read by digest so far, so it is here that it must be the transcript's own.
    private void CheckLabels(RoundContext context, RoundClosing closing)
    {
        var allowed = new HashSet<string>(StringComparer.Ordinal) { TranscriptLabels.Plan, TranscriptLabels.Closing };
        foreach (CommitteeSeat seat in context.Plan.Committee)
        {
            RequireObject(allowed, TranscriptLabels.RoundKey(seat.Member), seat.RoundKey);
            allowed.Add(TranscriptLabels.KeySum(seat.Member));
        }
        foreach (Digest report in closing.ShareReports)
        {
            if (_objects.TryRead(report, out byte[]? data) && SignedMessage.TryParse(data, out SignedMessage? message))
                RequireObject(allowed, TranscriptLabels.ShareReport(message.Signer), report);
        }
        foreach (MemberId member in closing.Participants)
        {
            allowed.UnionWith([TranscriptLabels.Manifest(member), TranscriptLabels.Ciphertext(member)]);
            if (_agreement.Find(member) is { Link: not null })
                allowed.Add(TranscriptLabels.Seal(member));
        }
        allowed.UnionWith(_agreement.Members.Where(member => member.Link is not null).Select(member => TranscriptLabels.LinkReport(member.Id)));
        if (_ledger.Phase == RecordedPhase.Finalized)
            allowed.UnionWith([TranscriptLabels.Outcome, TranscriptLabels.Model, TranscriptLabels.Metadata]);
        foreach (TranscriptEntry entry in _index.Entries.Where(entry => !allowed.Contains(entry.Label)))
            Find(entry.Label, "It does not belong to this round's transcript.");
    }

    private void RequireObject(HashSet<string> allowed, string label, Digest digest)
    {
        allowed.Add(label);
        if (_index.Entries.FirstOrDefault(entry => entry.Label == label) is not { } found)
            Find(label, "It is missing from the transcript.");
        else if (found.Digest != digest)
            Find(label, "It is another object than the round rests on.");
    }

    private ModelState? ReplayOutcome(
        RoundContext context, Digest seed, Digest closing, List<CommittedUpdate> updates, Dictionary<ushort, ShareSum> keySums)
    {
        if (!TryReadMessage(TranscriptLabels.Outcome, out SignedMessage? message))
            return null;
        if (message.Signer != _agreement.Coordinator.Id || !message.TryOpen(_agreement.Coordinator.Key, out RoundOutcome? outcome)
            || outcome.Closing != closing)
            return Find(TranscriptLabels.Outcome, "It is not signed by the coordinator for this closing.");
        if (!OpenedSum.TryOpen(context, seed, updates, keySums, outcome.CombinedFrom, out OpenedSum? opened, out string? failure))
            return Find(TranscriptLabels.Outcome, failure);
        if (!opened.Sums.SequenceEqual(outcome.Sums) || !opened.Disagreeing.SequenceEqual(outcome.Disagreeing))
            return Find(TranscriptLabels.Outcome, "The opened sum decodes to other values.");
        if (!RoundTask.TryStep(_agreement.Task, _previous, opened.Sums, updates.Count, _agreement.Members.Count, out ModelState? model, out failure))
            return Find(TranscriptLabels.Outcome, failure);
        Digest digest = Digest.Of(model.ToCanonicalBytes());
        if (digest != outcome.Model || digest != _ledger.Model)
            return Find(TranscriptLabels.Model, $"The opened sum leads to model {digest}, not to the recorded {_ledger.Model}.");
        if (!_index.Entries.Any(entry => entry.Label == TranscriptLabels.Model && entry.Digest == digest))
            return Find(TranscriptLabels.Model, "The transcript holds another model than the one that follows.");
        return IsTruthful(context, updates.Count, keySums.Count) ? model : Find(TranscriptLabels.Metadata, "It is not what the ledger records, or tells of another round than this.");
    }

    // All of it follows from the ledger and the transcript but the coordinator's clock and program, for which there is only its word.
    private bool IsTruthful(RoundContext context, int participants, int keySums) =>
        TryReadObject(TranscriptLabels.Metadata, out byte[]? data) && Digest.Of(data) == _ledger.Metadata && RoundMetadata.TryParse(data, out RoundMetadata? told)
        && told == new RoundMetadata(
            context.PlanDigest, context.Plan.Purpose, (ushort)_ledger.Commitments.Count, (ushort)participants, (ushort)_ledger.Exclusions.Count,
            (ushort)keySums, told.EndedAt, told.Software);

    private ModelState? ReplayFailure(RoundContext context, Digest seed, List<CommittedUpdate> updates, Dictionary<ushort, ShareSum> keySums) =>
        keySums.Count < _agreement.Threshold
            ? Find("ledger", $"The round is recorded as failed on {keySums.Count} key sum shares; {_agreement.Threshold} must be there to say so.")
            : OpenedSum.TryOpen(context, seed, updates, keySums, out OpenedSum? opened, out _)
                && RoundTask.TryStep(_agreement.Task, _previous, opened.Sums, updates.Count, _agreement.Members.Count, out _, out _)
                ? Find("ledger", "The round is recorded as failed, but its sum decodes.")
                : _previous;

    private bool TryReadObject(string label, [NotNullWhen(true)] out byte[]? data)
    {
        data = null;
        if (_index.Entries.FirstOrDefault(entry => entry.Label == label) is not { } found)
            Find(label, "It is missing from the transcript.");
        else if (!_objects.TryRead(found.Digest, out data))
            Find(label, $"The object {found.Digest} is missing or altered.");
        return data is not null;
    }

    private bool TryReadMessage(string label, [NotNullWhen(true)] out SignedMessage? message)
    {
        message = null;
        if (!TryReadObject(label, out byte[]? data))
            return false;
        if (!SignedMessage.TryParse(data, out message))
            Find(label, "It is not a signed message.");
        return message is not null;
    }

    private void CheckSignature(string name, SignedMessage message, RecordKind kind, MemberId? member)
    {
        if (!_ledger.Signatures.TryGetValue((kind, member), out Digest recorded) || recorded != message.SignatureDigest)
            Find(name, "Its signature is not the one that the ledger's transaction is bound to.");
    }

    private ModelState? Find(string name, string problem)
    {
        _findings.Add(new ReplayFinding(name, problem));
        return null;
    }
}
