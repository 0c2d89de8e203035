using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// The coordinator's state in one round after it was planned: updates, share reports and key sums as they come in, the closing and the end.
/// It holds no decryption key. Nothing here waits, sends or writes; messages that do not belong are refused with a reason. Not thread-safe.
/// </summary>
public sealed class CoordinatorRound
{
    private readonly RoundContext _context;
    private readonly ModelState _model;
    private readonly SigningKey _signer;
    private readonly MemoryPool<ulong> _sumMemory;
    private readonly IReadOnlyList<SignedMessage> _roundKeys;
    private readonly SortedDictionary<MemberId, (CommittedUpdate Update, IReadOnlyList<byte[]> SealedShares)> _updates = [];
    private readonly SortedDictionary<ushort, (SignedMessage Message, ShareReport Report)> _reports = [];
    private readonly SortedDictionary<ushort, (SignedMessage Message, ShareSum Sum)> _keySums = [];
    private readonly HashSet<MemberId> _refused = [];
    private readonly RoundLinks _links;
    private RecordedRound? _ledger;
    private (SignedMessage Message, RoundClosing Closing)? _closing;

    /// <summary>Begins with a checked plan, the round keys it names, and the model it starts from.</summary>
    /// <param name="context">The plan.</param>
    /// <param name="roundKeys">The round keys.</param>
    /// <param name="model">The model.</param>
    /// <param name="signer">The coordinator's record key.</param>
    /// <param name="sumMemory">Where the sum of the ciphertexts is made, if not in memory: it takes 16 KiB a block.</param>
    public CoordinatorRound(
        RoundContext context, IReadOnlyList<SignedMessage> roundKeys, ModelState model, SigningKey signer, MemoryPool<ulong>? sumMemory = null) =>
        (_context, _roundKeys, _model, _signer, _sumMemory, _links) =
            (context, roundKeys, model, signer, sumMemory ?? MemoryPool<ulong>.Shared, new RoundLinks(context));

    /// <summary>The plan.</summary>
    public RoundContext Context => _context;

    /// <summary>
    /// What a round that is being closed consists of so far. Kept durably before the ledger closes the round, it lets
    /// <see cref="TryResume"/> go on after a crash: a closed round counts as opened and cannot be begun again.
    /// </summary>
    /// <exception cref="InvalidOperationException">The set is not fixed yet.</exception>
    public RoundTranscript ClosedTranscript =>
        _closing is { } closing ? BeginTranscript(closing) : throw new InvalidOperationException("The set is not fixed yet.");

    /// <summary>Members whose updates arrived.</summary>
    public IReadOnlyCollection<MemberId> Delivered => _updates.Keys;

    /// <summary>Members that reported on the ledger that their quantum link gave no key, and withhold their updates.</summary>
    public IReadOnlySet<MemberId> Withheld => _links.Withheld;

    /// <summary>Committee members that reported on their shares.</summary>
    public IEnumerable<MemberId> Reported => _reports.Values.Select(report => report.Message.Signer);

    /// <summary>Committee members that sent their key sum share.</summary>
    public IEnumerable<MemberId> Opened => _keySums.Values.Select(sum => sum.Message.Signer);

    /// <summary>Rebuilds a round that the ledger has closed from what was kept of it; the committee's key sums are then asked for again.</summary>
    /// <param name="agreement">The agreement.</param>
    /// <param name="ledger">The round on the ledger, closed.</param>
    /// <param name="kept">The index of <see cref="ClosedTranscript"/>.</param>
    /// <param name="objects">The archive.</param>
    /// <param name="model">The model the round started from.</param>
    /// <param name="signer">The coordinator's record key.</param>
    /// <param name="sumMemory">Where the sum of the ciphertexts is made.</param>
    /// <param name="round">The round.</param>
    /// <param name="failure">What is missing or does not fit.</param>
    public static bool TryResume(
        ConsortiumAgreement agreement, RecordedRound ledger, TranscriptIndex kept, IObjectSource objects, ModelState model, SigningKey signer,
        MemoryPool<ulong> sumMemory, [NotNullWhen(true)] out CoordinatorRound? round, [NotNullWhen(false)] out string? failure)
    {
        round = null;
        failure = "What was kept of the round is not what the ledger closed.";
        Dictionary<string, SignedMessage> messages = ReadMessages(kept, objects);
        if (!messages.TryGetValue(TranscriptLabels.Plan, out SignedMessage? plan)
            || !messages.TryGetValue(TranscriptLabels.Closing, out SignedMessage? closingMessage)
            || ledger.Phase != RecordedPhase.Closed || closingMessage.BodyDigest != ledger.Closing
            || !closingMessage.TryOpen(agreement.Coordinator.Key, out RoundClosing? closing)
            || !RoundContext.TryCreate(
                agreement, plan, objects, RoundTask.PurposeOf(agreement.Task, model), Digest.Of(model.ToCanonicalBytes()), out RoundContext? context, out _))
            return false;
        var resumed = new CoordinatorRound(
            context, [.. context.Plan.Committee.Select(seat => messages.GetValueOrDefault(TranscriptLabels.RoundKey(seat.Member))).OfType<SignedMessage>()],
            model, signer, sumMemory) { _ledger = ledger, _closing = (closingMessage, closing) };
        foreach (MemberId member in closing.Participants)
        {
            if (!messages.TryGetValue(TranscriptLabels.Manifest(member), out SignedMessage? manifest)
                || kept.Entries.FirstOrDefault(entry => entry.Label == TranscriptLabels.Ciphertext(member)) is not { } ciphertext
                || !objects.TryRead(ciphertext.Digest, out byte[]? bytes)
                || !CommittedUpdate.TryOpen(
                    context, context.SeedFrom(ledger.SeedBlock), ledger.Commitments, manifest, bytes, out CommittedUpdate? update, out _))
            {
                failure = $"The update of '{member}' is missing from what was kept.";
                return false;
            }
            resumed._updates.Add(member, (update, []));
        }
        if (!resumed._links.TryRestore(ledger, messages, closing.Participants))
        {
            failure = "The seal of a participant with a quantum link is missing from what was kept.";
            return false;
        }
        Digest challenge = context.ChallengeFrom(ledger.Commitments);
        foreach (CommitteeSeat seat in context.Plan.Committee)
        {
            if (messages.TryGetValue(TranscriptLabels.ShareReport(seat.Member), out SignedMessage? message)
                && RoundClosingRules.TryOpenReport(context, challenge, message, out ShareReport? report))
                resumed._reports.Add(report.Receiver, (message, report));
        }
        (round, failure) = (resumed, null);
        return true;
    }

    /// <summary>Takes the round as the ledger froze it. Uploads are accepted from then on.</summary>
    /// <exception cref="ArgumentException">It is not this round, or not frozen.</exception>
    public void Freeze(RecordedRound ledger)
    {
        if (ledger.Plan != _context.PlanDigest || ledger.Phase != RecordedPhase.Frozen)
            throw new ArgumentException($"The ledger does not have round {_context.Plan.Round} frozen under this plan.", nameof(ledger));
        _ledger = ledger;
    }

    /// <summary>Takes a member's report on its quantum link, once the ledger has it.</summary>
    /// <param name="ledger">The round as the ledger has it now.</param>
    /// <param name="message">The signed report.</param>
    /// <param name="failure">Why it is not taken.</param>
    public bool TryAddLinkReport(RecordedRound ledger, SignedMessage message, [NotNullWhen(false)] out string? failure)
    {
        failure = $"Round {_context.Plan.Round} is closed; no more reports on links are taken.";
        return _closing is null && _links.TryAddReport(ledger, message, out failure);
    }

    /// <summary>Takes a member's upload. The same upload again is accepted again.</summary>
    /// <param name="sender">Who sent it.</param>
    /// <param name="upload">What was under the seal.</param>
    /// <param name="seal">The seal's signed header; asked for where the agreement gives the sender a quantum link.</param>
    /// <param name="failure">Why it is not taken.</param>
    public bool TryAddUpdate(MemberId sender, PreparedUpdate upload, SignedMessage? seal, [NotNullWhen(false)] out string? failure)
    {
        if (_ledger is null)
        {
            failure = "Updates are taken once the ledger has frozen the commitments.";
            return false;
        }
        if (_closing is not null && !_updates.ContainsKey(sender))
        {
            failure = $"Round {_context.Plan.Round} is closed; no more updates are taken.";
            return false;
        }
        if (_context.Agreement.Find(sender) is not { } member)
        {
            failure = $"'{sender}' is no member.";
            return false;
        }
        // A seal that the policy does not allow says nothing against the update: another may follow.
        failure = _links.Refusal(member, _ledger.Commitments.GetValueOrDefault(sender), seal);
        if (failure is not null)
            return false;
        if (upload.Manifest.Signer != sender)
            failure = $"'{sender}' sent an update signed by '{upload.Manifest.Signer}'.";
        else if (CommittedUpdate.TryOpen(
            _context, _context.SeedFrom(_ledger.SeedBlock), _ledger.Commitments, upload.Manifest, upload.Ciphertext,
            out CommittedUpdate? update, out failure))
        {
            if (!upload.SealedShares.Select(share => Digest.Of(share)).SequenceEqual(update.Manifest.SealedShares))
                failure = $"The sealed shares of '{sender}' are not those it committed to.";
            else if (_updates.Values.Any(other => other.Update.Member != sender && other.Update.Manifest.Ciphertext == update.Manifest.Ciphertext))
                failure = $"The ciphertext of '{sender}' is the same as another member's.";
            else if (!_ledger.Signatures.TryGetValue((RecordKind.UpdateManifest, sender), out Digest bound) || bound != upload.Manifest.SignatureDigest)
                failure = $"The manifest of '{sender}' bears another signature than the one its commitment on the ledger is bound to.";
            else
            {
                _updates.TryAdd(sender, (update, upload.SealedShares));
                _links.Keep(member, seal);
            }
        }
        if (failure is null)
            return true;
        if (!_updates.ContainsKey(sender))
            _refused.Add(sender);
        return false;
    }

    /// <summary>The shares dealt to a committee member by all whose updates arrived.</summary>
    public IReadOnlyList<DealtManifest> SharesFor(MemberId receiver)
    {
        int seat = _context.Plan.Committee.ToList().FindIndex(candidate => candidate.Member == receiver);
        return seat < 0 ? [] : [.. _updates.Values.Select(item => new DealtManifest(item.Update.Message, item.SealedShares[seat]))];
    }

    /// <summary>Takes a committee member's share report.</summary>
    public bool TryAddShareReport(SignedMessage message, [NotNullWhen(false)] out string? failure)
    {
        failure = null;
        if (_ledger is null || _closing is not null)
            failure = "Share reports are taken between freezing and closing.";
        else if (!RoundClosingRules.TryOpenReport(_context, _context.ChallengeFrom(_ledger.Commitments), message, out ShareReport? report))
            failure = $"The share report of '{message.Signer}' is not one of this round.";
        else
            _reports.TryAdd(report.Receiver, (message, report));
        return failure is null;
    }

    /// <summary>
    /// Fixes the set from the reports, once: asked again, the answer is the same message, to whose signature the ledger is bound.
    /// <see langword="false"/> if too few reported or too few would be in it.
    /// </summary>
    public bool TryClose(
        [NotNullWhen(true)] out SignedMessage? message, [NotNullWhen(true)] out RoundClosing? closing, [NotNullWhen(false)] out string? failure)
    {
        (message, closing, failure) = (_closing?.Message, _closing?.Closing, null);
        if (message is not null && closing is not null)
            return true;
        if (_ledger is null || _reports.Count < _context.Agreement.Threshold)
        {
            failure = $"{_reports.Count} committee members reported on their shares; {_context.Agreement.Threshold} are needed.";
            return false;
        }
        closing = RoundClosingRules.Close(_context, _ledger, _reports.Values, _refused, _links.Withheld);
        if (closing.Participants.Count < _context.Plan.MinParticipants)
        {
            failure = $"Only {closing.Participants.Count} members would be in the sum; {_context.Plan.MinParticipants} are needed."
                + string.Concat(closing.Exclusions.Select(exclusion => $" '{exclusion.Member}' is out: {exclusion.Reason}."));
            closing = null;
            return false;
        }
        message = SignedMessage.Sign(closing, _context.Agreement.Coordinator.Id, _signer);
        _closing = (message, closing);
        return true;
    }

    /// <summary>Takes a committee member's key sum share.</summary>
    public bool TryAddKeySum(SignedMessage message, [NotNullWhen(false)] out string? failure)
    {
        failure = null;
        if (_closing is not { } closing)
            failure = "Key sum shares are taken once the round is closed.";
        else if (!KeySums.TryOpen(_context, closing.Message.BodyDigest, message, out ushort receiver, out ShareSum? sum))
            failure = $"The key sum share of '{message.Signer}' is not one of this closing.";
        else
            _keySums.TryAdd(receiver, (message, sum));
        return failure is null;
    }

    /// <summary>
    /// Whether the key sum shares in hand open the sum. While some are missing and those in hand contradict each other, waiting may still save
    /// the round: once completed it is over for good.
    /// </summary>
    /// <exception cref="InvalidOperationException">The round is not closed.</exception>
    public bool CanOpen => TryOpenSum(out _, out _);

    /// <summary>Adds, opens, decodes and takes the model's step.</summary>
    /// <param name="now">The time, for the metadata.</param>
    /// <param name="software">The coordinator's program and version, for the metadata.</param>
    /// <exception cref="InvalidOperationException">The round is not closed.</exception>
    public RoundCompletion Complete(DateTimeOffset now, string software)
    {
        if (_ledger is null || _closing is not { } closing)
            throw new InvalidOperationException("Only a closed round can be completed.");
        RoundTranscript transcript = BeginTranscript(closing);
        foreach ((SignedMessage sum, _) in _keySums.Values)
            transcript.Add(TranscriptLabels.KeySum(sum.Signer), sum.ToArray());
        if (!TryOpenSum(out OpenedSum? opened, out string? failure)
            || !RoundTask.TryStep(_context.Agreement.Task, _model, opened.Sums, closing.Closing.Participants.Count,
                _context.Agreement.Members.Count, out ModelState? next, out failure))
            return new RoundCompletion.Failed(transcript, Finalize(transcript, default, default), failure);
        byte[] modelBytes = next.ToCanonicalBytes();
        var outcome = new RoundOutcome(closing.Message.BodyDigest, opened.CombinedFrom, opened.Disagreeing, opened.Sums, Digest.Of(modelBytes));
        transcript.Add(TranscriptLabels.Outcome, SignedMessage.Sign(outcome, _context.Agreement.Coordinator.Id, _signer).ToArray());
        transcript.Add(TranscriptLabels.Model, modelBytes);
        byte[] metadata = new RoundMetadata(
            _context.PlanDigest, _context.Plan.Purpose, (ushort)_ledger.Commitments.Count, (ushort)closing.Closing.Participants.Count,
            (ushort)closing.Closing.Exclusions.Count, (ushort)_keySums.Count, (ulong)now.ToUnixTimeSeconds(), software).ToArray();
        transcript.Add(TranscriptLabels.Metadata, metadata);
        return new RoundCompletion.Completed(
            transcript, Finalize(transcript, outcome.Model, Digest.Of(metadata)), next,
            [.. opened.Disagreeing.Select(point => _context.MemberAt(point)!.Value)],
            [.. opened.Liars(_context.Sharing, _reports.Keys).Select(point => _context.MemberAt(point)!.Value)]);
    }

    private bool TryOpenSum([NotNullWhen(true)] out OpenedSum? opened, [NotNullWhen(false)] out string? failure)
    {
        if (_ledger is null || _closing is not { } closing)
            throw new InvalidOperationException("Only a closed round can be opened.");
        return OpenedSum.TryOpen(
            _context, _context.SeedFrom(_ledger.SeedBlock), [.. closing.Closing.Participants.Select(member => _updates[member].Update)],
            _keySums.ToDictionary(pair => pair.Key, pair => pair.Value.Sum), _sumMemory, out opened, out failure);
    }

    private RoundTranscript BeginTranscript((SignedMessage Message, RoundClosing Closing) closing)
    {
        var transcript = new RoundTranscript();
        transcript.Add(TranscriptLabels.Plan, _context.Message.ToArray());
        foreach (SignedMessage key in _roundKeys.OrderBy(key => key.Signer))
            transcript.Add(TranscriptLabels.RoundKey(key.Signer), key.ToArray());
        foreach (CommittedUpdate update in closing.Closing.Participants.Select(member => _updates[member].Update))
        {
            transcript.Add(TranscriptLabels.Manifest(update.Member), update.Message.ToArray());
            transcript.Add(TranscriptLabels.Ciphertext(update.Member), update.CiphertextBytes);
        }
        _links.AddTo(transcript, closing.Closing.Participants);
        foreach ((SignedMessage report, _) in _reports.Values)
            transcript.Add(TranscriptLabels.ShareReport(report.Signer), report.ToArray());
        transcript.Add(TranscriptLabels.Closing, closing.Message.ToArray());
        return transcript;
    }

    private static Dictionary<string, SignedMessage> ReadMessages(TranscriptIndex kept, IObjectSource objects)
    {
        var messages = new Dictionary<string, SignedMessage>(StringComparer.Ordinal);
        foreach (TranscriptEntry entry in kept.Entries)
        {
            if (objects.TryRead(entry.Digest, out byte[]? data) && SignedMessage.TryParse(data, out SignedMessage? message))
                messages.Add(entry.Label, message);
        }
        return messages;
    }

    private SignedMessage Finalize(RoundTranscript transcript, Digest model, Digest metadata)
    {
        TranscriptIndex index = transcript.Index;
        return SignedMessage.Sign(
            new Finalization(_context.PlanDigest, Digest.Of(index.ToArray()), index.Root, model, metadata), _context.Agreement.Coordinator.Id, _signer);
    }
}
