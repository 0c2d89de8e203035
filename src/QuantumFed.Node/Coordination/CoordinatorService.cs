using System.Buffers;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.Node;

/// <summary>
/// Runs the rounds of a federation from wherever the ledger says it stands: one method for each step of a round. It holds no decryption
/// key; it opens, collects, adds, publishes and records.
/// </summary>
internal sealed partial class CoordinatorService(
    ConsortiumAgreement agreement, PartyKeys keys, LedgerGateway ledger, CoordinatorDesk desk, NoticeBoard board, RoundArchive archive,
    ChainRecorder chain, RoundTimeline timeline, string stateFolder, MemoryPool<ulong> sums, TimeProvider time, ILogger logger)
{
    // The chain judges the deadline by its own blocks' time, which may lag behind this clock.
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromSeconds(5);

    // What made a round fall may be over soon, and must not fill the ledger until it is.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1);

    private static readonly string Software = $"QuantumFed {typeof(CoordinatorService).Assembly.GetName().Version?.ToString(3)}";

    private readonly MemberWait _wait = new(desk, ledger, timeline, agreement.StepTime, time);

    // Of the round in progress: what was in force when it was opened.
    private ConsortiumAgreement? _roundsAgreement;

    private string ClosedTranscriptPath => Path.Combine(stateFolder, "closed-round.transcript");

    /// <summary>Runs every round that is left, then keeps the last notice up until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        (ModelState model, int steps) = await ReplayPastAsync(cancellation);
        // What a stop between a round's end and its capture left out; after the last round nothing else would bring it.
        await chain.CaptureAsync(cancellation);
        TimeSpan pause = FirstPause;
        while (steps < RoundTask.RoundCount(agreement.Task))
        {
            RoundId round = await ledger.NextRoundAsync(cancellation);
            RoundCompletion? completion = await RunRoundAsync(round, model, cancellation);
            if (completion is RoundCompletion.Completed completed)
            {
                model = completed.Model;
                steps++;
                pause = FirstPause;
            }
            else if (completion is null)
            {
                Log.PausingAfterAbandonment(logger, round, pause.TotalSeconds);
                await Task.Delay(pause, time, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            else if (completion is RoundCompletion.Failed failed)
            {
                // A failed round counts as opened. Whether to try again on the same model is for people to decide: started again, the
                // coordinator opens a new round, and the committee opens only a set that the first opening allows (docs/round.md).
                throw new RoundFailedException(round, failed.Reason);
            }
        }
        board.Publish(new RoundNotice { Phase = Phase.Complete });
        Log.FederationCompleted(logger, steps);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
    }

    private async Task<(ModelState Model, int Steps)> ReplayPastAsync(CancellationToken cancellation)
    {
        var history = new ArchivedHistory(archive);
        ModelState model = RoundTask.InitialModel(agreement.Task);
        int steps = 0;
        RoundId next = await ledger.NextRoundAsync(cancellation);
        for (var round = new RoundId(0); round < next; round = round.Next)
        {
            RecordedRound recorded = await ledger.ReadRoundAsync(round, cancellation);
            switch (recorded.Phase)
            {
                case RecordedPhase.Open or RecordedPhase.Frozen:
                    await AbandonAsync(round, AbandonReason.Restarted, "The coordinator was restarted before the round was closed.", cancellation);
                    break;
                case RecordedPhase.Closed:
                    if (await ResumeClosedAsync(recorded, model, cancellation) is not RoundCompletion.Completed completed)
                        throw new RoundFailedException(round, "Its sum did not decode.");
                    model = completed.Model;
                    steps++;
                    break;
                case RecordedPhase.Finalized or RecordedPhase.Failed:
                    model = history.Replay(await ledger.InForceAsync(recorded, cancellation), recorded, model);
                    steps += recorded.Phase == RecordedPhase.Finalized ? 1 : 0;
                    break;
            }
        }
        if (steps > 0)
            Log.Resumed(logger, next, steps);
        return (model, steps);
    }

    // A closed round counts as opened, so it is finished and never begun again: the committee sends its key sums once more.
    private async Task<RoundCompletion> ResumeClosedAsync(RecordedRound recorded, ModelState model, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        _roundsAgreement = await ledger.InForceAsync(recorded, cancellation);
        string? failure = $"{ClosedTranscriptPath} is missing or damaged.";
        if (!File.Exists(ClosedTranscriptPath) || !TranscriptIndex.TryParse(File.ReadAllBytes(ClosedTranscriptPath), out TranscriptIndex? kept)
            || !CoordinatorRound.TryResume(InForce, recorded, kept, archive.Objects, model, Signer, sums, out CoordinatorRound? current, out failure))
            throw new RoundFailedException(recorded.Round, $"The ledger has it closed, and it cannot be finished: {failure}");
        desk.BeginRound(current);
        timeline.Begin(recorded.Round, RoundStep.Opening);
        Log.ClosedRoundResumed(logger, recorded.Round);
        Digest closing = kept.Entries.First(entry => entry.Label == TranscriptLabels.Closing).Digest;
        Publish(recorded.Round, Phase.Closed, closing, context: current.Context.Message.Digest);
        RoundCompletion completion = await CompleteAsync(recorded.Round, current, cancellation);
        await RecordAsync(recorded.Round, completion, started, cancellation);
        return completion;
    }

    private async Task<RoundCompletion?> RunRoundAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        (CoordinatorRound current, ulong registryVersion) = await OpenAsync(round, model, cancellation);
        // The plan was made, and the committee's keys were signed, under what was then in force.
        if ((await ledger.ReadRoundAsync(round, cancellation)).RegistryVersion != registryVersion)
            return await AbandonAsync(round, AbandonReason.RegistryChanged, "The members changed the registry while the round was being opened.", cancellation);
        IReadOnlyCollection<MemberId> committed = await FreezeAsync(round, current, cancellation);
        if (committed.Count < current.Context.Plan.MinParticipants)
            return await AbandonAsync(
                round, AbandonReason.TooFewCommitments, $"Only {committed.Count} members committed; {current.Context.Plan.MinParticipants} are needed.", cancellation);
        await CollectUpdatesAsync(round, committed, cancellation);
        if (await CloseAsync(round, current, cancellation) is { } obstacle)
            return await AbandonAsync(round, AbandonReason.TooFewParticipants, obstacle, cancellation);
        RoundCompletion completion = await CompleteAsync(round, current, cancellation);
        await RecordAsync(round, completion, started, cancellation);
        return completion;
    }

    /// <summary>Step 1: collect the committee's keys, plan the round and put it on the ledger.</summary>
    private async Task<(CoordinatorRound Round, ulong RegistryVersion)> OpenAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        ulong registryVersion = await TakeAgreementInForceAsync(round, cancellation);
        desk.BeginKeys(round, InForce);
        timeline.Begin(round);
        board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Keys });
        // Nothing stands on the ledger yet, so there is time: wait for everybody, and after a while for a threshold.
        while (!await _wait.ForActiveAsync(() => Members.Except(desk.RoundKeys.Select(key => key.Signer)), cancellation)
            && desk.RoundKeys.Count < agreement.Threshold)
            Log.AwaitingKeys(logger, round, Missing(desk.RoundKeys.Select(key => key.Signer)));
        IReadOnlyList<SignedMessage> roundKeys = desk.RoundKeys;
        foreach (SignedMessage key in roundKeys)
            archive.Objects.Put(key.ToArray());
        SignedMessage plan = SignedMessage.Sign(
            RoundPlanning.Create(InForce, round, model, roundKeys, time.GetUtcNow()), agreement.Coordinator.Id, Signer);
        if (!RoundContext.TryCreate(
            InForce, plan, archive.Objects, RoundTask.PurposeOf(agreement.Task, model), Digest.Of(model.ToCanonicalBytes()),
            out RoundContext? context, out string? failure))
            throw new RoundFailedException(round, failure);
        Digest planObject = archive.Objects.Put(plan.ToArray());
        var current = new CoordinatorRound(context, roundKeys, model, Signer, sums);
        desk.BeginRound(current);
        Digest transaction = await ledger.OpenAsync(context, cancellation);
        timeline.Enter(RoundStep.Training);
        Log.RoundOpened(logger, round, context.Plan.Purpose, roundKeys.Count, transaction);
        Publish(round, Phase.Open, planObject, context: planObject);
        return (current, registryVersion);
    }

    // As long as the active members are fewer than a round needs, none can be opened: members must be reinstated first.
    private async Task<ulong> TakeAgreementInForceAsync(RoundId round, CancellationToken cancellation)
    {
        while (true)
        {
            (_roundsAgreement, ulong version) = await ledger.InForceAsync(cancellation);
            int active = InForce.ActiveMembers.Count(), needed = Math.Max(agreement.MinParticipants, agreement.Threshold);
            if (active >= needed)
                return version;
            Log.TooFewActiveMembers(logger, round, active, needed);
            await Task.Delay(LongestPause, time, cancellation);
        }
    }

    /// <summary>Step 2: wait for commitments on the ledger and freeze them.</summary>
    private async Task<IReadOnlyCollection<MemberId>> FreezeAsync(RoundId round, CoordinatorRound current, CancellationToken cancellation)
    {
        DateTimeOffset deadline = DateTimeOffset.FromUnixTimeSeconds((long)current.Context.Plan.CommitDeadline) + ClockAllowance;
        (RecordedRound frozen, Digest transaction) = await ledger.FreezeWhenCommittedAsync(
            round, timeline.Await, () => time.GetUtcNow() > deadline, cancellation);
        desk.Use(state =>
        {
            state.Freeze(frozen);
            return 0;
        });
        timeline.Enter(RoundStep.Upload);
        Log.CommitmentsFrozen(logger, round, frozen.Commitments.Count, Missing(frozen.Commitments.Keys), transaction);
        Publish(round, Phase.Frozen, context: current.Context.Message.Digest);
        return [.. frozen.Commitments.Keys];
    }

    /// <summary>Step 3: collect the updates of those who committed.</summary>
    private async Task CollectUpdatesAsync(RoundId round, IReadOnlyCollection<MemberId> committed, CancellationToken cancellation)
    {
        // Who withholds its update has said so on the ledger, and is not waited for.
        IEnumerable<MemberId> Missing() => desk.Use(state => committed.Except(state.Delivered).Except(state.Withheld).ToArray());
        if (!await _wait.ForAllAsync(Missing, cancellation))
            Log.UpdatesMissing(logger, round, string.Join(", ", Missing()));
    }

    /// <summary>Step 4: let the committee check its shares, fix the set and put it on the ledger. Returns what stands in the way.</summary>
    private async Task<string?> CloseAsync(RoundId round, CoordinatorRound current, CancellationToken cancellation)
    {
        timeline.Enter(RoundStep.Shares);
        Publish(round, Phase.Shares, context: current.Context.Message.Digest);
        if (!await _wait.ForAllAsync(() => CommitteeOf(current).Except(desk.Use(state => state.Reported)), cancellation))
            Log.ReportsMissing(logger, round, Missing(desk.Use(state => state.Reported.ToArray())));
        (SignedMessage? Message, RoundClosing? Closing, string? Failure) result = desk.Use(state =>
            state.TryClose(out SignedMessage? message, out RoundClosing? closing, out string? failure)
                ? (message, closing, null)
                : ((SignedMessage?)null, (RoundClosing?)null, (string?)failure));
        if (result.Message is null || result.Closing is null)
            return result.Failure;
        foreach (Exclusion exclusion in result.Closing.Exclusions)
            Log.MemberExcluded(logger, round, exclusion.Member, exclusion.Reason);
        RoundTranscript transcript = desk.Use(state => state.ClosedTranscript);
        foreach ((_, byte[] data) in transcript.Objects)
            archive.Objects.Put(data);
        DurableFile.Write(ClosedTranscriptPath, transcript.Index.ToArray());
        Digest closingObject = result.Message.Digest;
        Digest transaction = await ledger.CloseAsync(round, result.Message, result.Closing, cancellation);
        timeline.Enter(RoundStep.Opening);
        Log.RoundClosed(logger, round, result.Closing.Participants.Count, transaction);
        Publish(round, Phase.Closed, closingObject, context: current.Context.Message.Digest);
        return null;
    }

    /// <summary>Step 5: collect the key sum shares, add, open, decode.</summary>
    private async Task<RoundCompletion> CompleteAsync(RoundId round, CoordinatorRound current, CancellationToken cancellation)
    {
        // Closed counts as opened, so there is no way back: wait for everybody, and after a while for as many as open the sum, however long it takes.
        while (!await _wait.ForAllAsync(() => CommitteeOf(current).Except(desk.Use(state => state.Opened)), cancellation)
            && !desk.Use(state => state.CanOpen))
            Log.AwaitingOpenings(logger, round, Missing(desk.Use(state => state.Opened.ToArray())));
        return desk.Use(state => state.Complete(time.GetUtcNow(), Software));
    }

    /// <summary>Step 6: archive the transcript, put its root and the model on the ledger, and collect attestations.</summary>
    private async Task RecordAsync(RoundId round, RoundCompletion completion, long started, CancellationToken cancellation)
    {
        timeline.Enter(RoundStep.Finalising);
        foreach ((_, byte[] data) in completion.Transcript.Objects)
            archive.Objects.Put(data);
        archive.Objects.Put(completion.Transcript.Index.ToArray());
        Digest finalizationObject = archive.Objects.Put(completion.Finalization.ToArray());
        archive.Write(new RoundIndex(round, finalizationObject, new Dictionary<MemberId, Digest>()));
        if (!completion.Finalization.TryReadUnverified(out Finalization? finalization))
            throw new CryptographicException("The coordinator's own finalisation cannot be read back.");
        desk.BeginAttestations(round, finalizationObject, finalization);
        Digest transaction = await ledger.FinalizeAsync(round, completion.Finalization, finalization, cancellation);
        if (completion is RoundCompletion.Failed failed)
        {
            Log.RoundFailed(logger, round, failed.Reason, transaction);
            board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Failed, Detail = failed.Reason });
        }
        else
        {
            var completed = (RoundCompletion.Completed)completion;
            foreach (MemberId member in completed.Disagreeing.Except(completed.Liars))
                Log.KeySumDisagrees(logger, round, member);
            foreach (MemberId member in completed.Liars)
                Log.KeySumIsWrong(logger, round, member);
            double seconds = time.GetElapsedTime(started).TotalSeconds;
            timeline.Enter(RoundStep.Attesting);
            Log.RoundFinalized(logger, round, finalization.Model, seconds, transaction);
            board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Finalized });
            await AwaitAttestationsAsync(round, [.. (await ledger.ReadRoundAsync(round, cancellation)).Commitments.Keys], cancellation);
        }
        timeline.Enter(RoundStep.Archiving);
        await chain.CaptureAsync(cancellation);
        Log.RoundArchived(logger, round, desk.Attested.Count);
        timeline.End();
    }

    // Those who committed attest. A member hands its attestation in before it puts it on the ledger, so the chain is captured only once both are there.
    private async Task AwaitAttestationsAsync(RoundId round, IReadOnlyCollection<MemberId> committed, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        bool all = await _wait.ForActiveAsync(() => Members.Intersect(committed).Except(desk.Attested), cancellation);
        IReadOnlyDictionary<MemberId, SignedMessage> handedIn = desk.EndAttestations();
        bool recorded = await ledger.AwaitAttestationsAsync(round, [.. handedIn.Keys], agreement.StepTime - time.GetElapsedTime(started), cancellation);
        if (!all || !recorded)
            Log.AttestationsMissing(logger, round, Missing(handedIn.Keys));
    }

    private async Task<RoundCompletion?> AbandonAsync(RoundId round, AbandonReason reason, string detail, CancellationToken cancellation)
    {
        // Signed with the key that the round is judged by, which a vote in the last moment may have changed.
        _roundsAgreement = await ledger.InForceAsync(await ledger.ReadRoundAsync(round, cancellation), cancellation);
        SignedMessage message = SignedMessage.Sign(
            new Abandonment(agreement.Federation, round, reason, detail), agreement.Coordinator.Id, Signer);
        archive.Write(new RoundIndex(round, archive.Objects.Put(message.ToArray()), new Dictionary<MemberId, Digest>()));
        Digest transaction = await ledger.AbandonAsync(round, reason, message, cancellation);
        Log.RoundAbandoned(logger, round, detail, transaction);
        board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Abandoned, Detail = detail });
        await chain.CaptureAsync(cancellation);
        timeline.End();
        return null;
    }

    private void Publish(RoundId round, Phase phase, Digest? subject = null, Digest? context = null) => board.Publish(new RoundNotice
    {
        Round = round.Value,
        Phase = phase,
        Object = subject is { } digest ? ByteString.CopyFrom(digest.ToArray()) : ByteString.Empty,
        Plan = context is { } plan ? ByteString.CopyFrom(plan.ToArray()) : ByteString.Empty,
    });

    private ConsortiumAgreement InForce => _roundsAgreement ?? agreement;

    private IEnumerable<MemberId> Members => InForce.ActiveMembers.Select(member => member.Id);

    private SigningKey Signer => keys.SigningKeyOf(InForce.Coordinator.Key);

    private static IEnumerable<MemberId> CommitteeOf(CoordinatorRound round) => round.Context.Plan.Committee.Select(seat => seat.Member);

    private string Missing(IEnumerable<MemberId> present)
    {
        string missing = string.Join(", ", Members.Except(present));
        return missing.Length == 0 ? "nobody" : missing;
    }

    private static partial class Log
    {
        [LoggerMessage(1029, LogLevel.Warning, "Round {Round}: {Active} members are active and a round needs {Needed}. Waiting until the members reinstate some.")]
        public static partial void TooFewActiveMembers(ILogger logger, RoundId round, int active, int needed);

        [LoggerMessage(1001, LogLevel.Information, "Round {Round} opened ({Purpose}) with {Committee} committee members, transaction {Transaction}.")]
        public static partial void RoundOpened(ILogger logger, RoundId round, RoundPurpose purpose, int committee, Digest transaction);

        [LoggerMessage(1002, LogLevel.Information, "Round {Round}: {Count} commitments frozen; missing: {Missing}; transaction {Transaction}.")]
        public static partial void CommitmentsFrozen(ILogger logger, RoundId round, int count, string missing, Digest transaction);

        [LoggerMessage(1003, LogLevel.Warning, "Round {Round}: no update from {Missing} in time.")]
        public static partial void UpdatesMissing(ILogger logger, RoundId round, string missing);

        [LoggerMessage(1004, LogLevel.Warning, "Round {Round}: no share report from {Missing} in time.")]
        public static partial void ReportsMissing(ILogger logger, RoundId round, string missing);

        [LoggerMessage(1005, LogLevel.Warning, "Round {Round}: {Member} is excluded: {Reason}.")]
        public static partial void MemberExcluded(ILogger logger, RoundId round, MemberId member, ExclusionReason reason);

        [LoggerMessage(1006, LogLevel.Information, "Round {Round} closed with {Participants} participants, transaction {Transaction}.")]
        public static partial void RoundClosed(ILogger logger, RoundId round, int participants, Digest transaction);

        [LoggerMessage(1007, LogLevel.Information, "Round {Round} finalised in {Seconds:F2} s: model {Model}, transaction {Transaction}.")]
        public static partial void RoundFinalized(ILogger logger, RoundId round, Digest model, double seconds, Digest transaction);

        [LoggerMessage(1008, LogLevel.Error, "Round {Round} failed: {Reason} Transaction {Transaction}.")]
        public static partial void RoundFailed(ILogger logger, RoundId round, string reason, Digest transaction);

        [LoggerMessage(1009, LogLevel.Warning, "Round {Round} abandoned: {Reason} Transaction {Transaction}.")]
        public static partial void RoundAbandoned(ILogger logger, RoundId round, string reason, Digest transaction);

        [LoggerMessage(1010, LogLevel.Warning, "Round {Round}: no attestation from {Missing} in time.")]
        public static partial void AttestationsMissing(ILogger logger, RoundId round, string missing);

        [LoggerMessage(1011, LogLevel.Information, "Round {Round} archived with {Attestations} attestations.")]
        public static partial void RoundArchived(ILogger logger, RoundId round, int attestations);

        [LoggerMessage(1012, LogLevel.Information, "The federation has completed its {Rounds} rounds.")]
        public static partial void FederationCompleted(ILogger logger, int rounds);

        [LoggerMessage(1013, LogLevel.Warning, "Round {Round}: still awaiting round keys of {Missing}.")]
        public static partial void AwaitingKeys(ILogger logger, RoundId round, string missing);

        [LoggerMessage(1014, LogLevel.Warning, "Round {Round}: still awaiting key sum shares of {Missing}.")]
        public static partial void AwaitingOpenings(ILogger logger, RoundId round, string missing);

        [LoggerMessage(1015, LogLevel.Warning, "Round {Round}: the key sum share of {Member} contradicts the others.")]
        public static partial void KeySumDisagrees(ILogger logger, RoundId round, MemberId member);

        [LoggerMessage(1023, LogLevel.Warning, "Round {Round}: {Member} sent a wrong key sum share.")]
        public static partial void KeySumIsWrong(ILogger logger, RoundId round, MemberId member);

        [LoggerMessage(1017, LogLevel.Warning, "Round {Round} was closed before a restart; finishing it.")]
        public static partial void ClosedRoundResumed(ILogger logger, RoundId round);

        [LoggerMessage(1028, LogLevel.Information, "Round {Round} was abandoned; the next is opened in {Seconds} s.")]
        public static partial void PausingAfterAbandonment(ILogger logger, RoundId round, double seconds);

        [LoggerMessage(1016, LogLevel.Information, "Resumed at round {Round} after {Steps} finished rounds.")]
        public static partial void Resumed(ILogger logger, RoundId round, int steps);
    }
}
