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
internal sealed class CoordinatorService(
    ConsortiumAgreement agreement, PartyKeys keys, LedgerGateway ledger, CoordinatorDesk desk, NoticeBoard board, RoundArchive archive,
    ChainRecorder chain, RoundTimeline timeline, string stateFolder, MemoryPool<ulong> sums, TimeProvider time, ILogger logger)
{
    // The chain judges the deadline by its own blocks' time, which may lag behind this clock.
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromSeconds(5);

    // What made a round fall may be over soon, and must not fill the ledger until it is.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1);

    private static readonly string Software = $"QuantumFed {typeof(CoordinatorService).Assembly.GetName().Version?.ToString(3)}";

    private readonly RegistryWatch _registry = new(
        agreement, ledger,
        now =>
        {
            desk.FollowRegistry(now);
            board.Readmit();
        },
        time, logger);

    // Of the round in progress: what was in force when it was opened.
    private ConsortiumAgreement? _roundsAgreement;

    private string ClosedTranscriptPath => Path.Combine(stateFolder, "closed-round.transcript");

    /// <summary>Runs every round that is left, then keeps the last notice up, for whoever is a member, until cancelled.</summary>
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
                CoordinatorLog.PausingAfterAbandonment(logger, round, pause.TotalSeconds);
                await _registry.WaitAsync(pause, cancellation);
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
        CoordinatorLog.FederationCompleted(logger, steps);
        await _registry.WaitAsync(Timeout.InfiniteTimeSpan, cancellation);
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
            CoordinatorLog.Resumed(logger, next, steps);
        return (model, steps);
    }

    // A closed round counts as opened, so it is finished and never begun again: the committee sends its key sums once more.
    private async Task<RoundCompletion> ResumeClosedAsync(RecordedRound recorded, ModelState model, CancellationToken cancellation)
    {
        _roundsAgreement = await ledger.InForceAsync(recorded, cancellation);
        string? failure = $"{ClosedTranscriptPath} is missing or damaged.";
        if (!File.Exists(ClosedTranscriptPath) || !TranscriptIndex.TryParse(File.ReadAllBytes(ClosedTranscriptPath), out TranscriptIndex? kept)
            || !CoordinatorRound.TryResume(InForce, recorded, kept, archive.Objects, model, Signer, sums, out CoordinatorRound? current, out failure))
            throw new RoundFailedException(recorded.Round, $"The ledger has it closed, and it cannot be finished: {failure}");
        desk.BeginRound(current);
        timeline.Begin(recorded.Round, RoundStep.Opening);
        CoordinatorLog.ClosedRoundResumed(logger, recorded.Round);
        Digest closing = kept.Entries.First(entry => entry.Label == TranscriptLabels.Closing).Digest;
        Publish(recorded.Round, Phase.Closed, closing, context: current.Context.Message.Digest);
        RoundCompletion completion = await CompleteAsync(recorded.Round, current, cancellation);
        await RecordAsync(recorded.Round, completion, cancellation);
        return completion;
    }

    private async Task<RoundCompletion?> RunRoundAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        (CoordinatorRound current, ulong registryVersion) = await OpenAsync(round, model, cancellation);
        // The plan was made, and the committee's keys were signed, under what was then in force.
        if ((await ledger.ReadRoundAsync(round, cancellation)).RegistryVersion != registryVersion)
            return await AbandonAsync(round, AbandonReason.RegistryChanged, "The members changed the registry while the round was being opened.", cancellation);
        RecordedRound frozen = await FreezeAsync(round, current, cancellation);
        if (frozen.UnnamedCommitments > 0)
            return await AbandonAsync(round, AbandonReason.UnnamedMember, "A member committed that the agreement does not name.", cancellation);
        MemberId[] committed = [.. frozen.Commitments.Keys];
        if (committed.Length < current.Context.Plan.MinParticipants)
            return await AbandonAsync(
                round, AbandonReason.TooFewCommitments, $"Only {committed.Length} members committed; {current.Context.Plan.MinParticipants} are needed.", cancellation);
        await CollectUpdatesAsync(round, committed, cancellation);
        if (await CloseAsync(round, current, cancellation) is { } obstacle)
            return await AbandonAsync(round, AbandonReason.TooFewParticipants, obstacle, cancellation);
        RoundCompletion completion = await CompleteAsync(round, current, cancellation);
        await RecordAsync(round, completion, cancellation);
        return completion;
    }

    /// <summary>Step 1: collect the committee's keys, plan the round and put it on the ledger.</summary>
    private async Task<(CoordinatorRound Round, ulong RegistryVersion)> OpenAsync(RoundId round, ModelState model, CancellationToken cancellation)
    {
        timeline.Begin(round);
        ulong registryVersion;
        do
        {
            // Keys are signed under what is in force; after a change those of before may be worth nothing, and those of now were refused.
            (_roundsAgreement, registryVersion) = await _registry.AwaitQuorumAsync(round, cancellation);
            desk.BeginKeys(round, InForce);
            board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Keys });
        }
        while (!await _registry.TryWhileAsync(registryVersion, stop => CollectKeysAsync(round, stop), cancellation));
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
        Digest transaction;
        try
        {
            transaction = await ledger.OpenAsync(context, cancellation);
        }
        catch (LedgerRejectedException)
        {
            // Where members, or this coordinator, were suspended at the last moment, the round is opened once it can be.
            if ((await ledger.InForceAsync(cancellation)).RegistryVersion == registryVersion)
                throw;
            return await OpenAsync(round, model, cancellation);
        }
        timeline.Enter(RoundStep.Training);
        CoordinatorLog.RoundOpened(logger, round, context.Plan.Purpose, roundKeys.Count, transaction);
        Publish(round, Phase.Open, planObject, context: planObject);
        return (current, registryVersion);
    }

    // Nothing stands on the ledger yet, so there is time: wait for everybody, and after a while for a threshold.
    private async Task CollectKeysAsync(RoundId round, CancellationToken cancellation)
    {
        while (!await WaitForAllAsync(() => Members.Except(desk.RoundKeys.Select(key => key.Signer)), cancellation)
            && desk.RoundKeys.Count < agreement.Threshold)
            CoordinatorLog.AwaitingKeys(logger, round, Missing(desk.RoundKeys.Select(key => key.Signer)));
    }

    /// <summary>Step 2: wait for commitments on the ledger and freeze them.</summary>
    private async Task<RecordedRound> FreezeAsync(RoundId round, CoordinatorRound current, CancellationToken cancellation)
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
        CoordinatorLog.CommitmentsFrozen(logger, round, frozen.Commitments.Count, Missing(frozen.Commitments.Keys), transaction);
        Publish(round, Phase.Frozen, context: current.Context.Message.Digest);
        return frozen;
    }

    /// <summary>Step 3: collect the updates of those who committed.</summary>
    private async Task CollectUpdatesAsync(RoundId round, IReadOnlyCollection<MemberId> committed, CancellationToken cancellation)
    {
        // Who withholds its update has said so on the ledger, and is not waited for.
        IEnumerable<MemberId> Missing() => desk.Use(state => committed.Except(state.Delivered).Except(state.Withheld).ToArray());
        if (!await WaitForAllAsync(Missing, cancellation))
            CoordinatorLog.UpdatesMissing(logger, round, string.Join(", ", Missing()));
    }

    /// <summary>Step 4: let the committee check its shares, fix the set and put it on the ledger. Returns what stands in the way.</summary>
    private async Task<string?> CloseAsync(RoundId round, CoordinatorRound current, CancellationToken cancellation)
    {
        timeline.Enter(RoundStep.Shares);
        Publish(round, Phase.Shares, context: current.Context.Message.Digest);
        if (!await WaitForAllAsync(() => CommitteeOf(current).Except(desk.Use(state => state.Reported)), cancellation))
            CoordinatorLog.ReportsMissing(logger, round, Missing(desk.Use(state => state.Reported.ToArray())));
        (SignedMessage? Message, RoundClosing? Closing, string? Failure) result = desk.Use(state =>
            state.TryClose(out SignedMessage? message, out RoundClosing? closing, out string? failure)
                ? (message, closing, null)
                : ((SignedMessage?)null, (RoundClosing?)null, (string?)failure));
        if (result.Message is null || result.Closing is null)
            return result.Failure;
        foreach (Exclusion exclusion in result.Closing.Exclusions)
            CoordinatorLog.MemberExcluded(logger, round, exclusion.Member, exclusion.Reason);
        RoundTranscript transcript = desk.Use(state => state.ClosedTranscript);
        foreach ((_, byte[] data) in transcript.Objects)
            archive.Objects.Put(data);
        DurableFile.Write(ClosedTranscriptPath, transcript.Index.ToArray());
        Digest closingObject = result.Message.Digest;
        Digest transaction = await ledger.CloseAsync(round, result.Message, result.Closing, cancellation);
        timeline.Enter(RoundStep.Opening);
        CoordinatorLog.RoundClosed(logger, round, result.Closing.Participants.Count, transaction);
        Publish(round, Phase.Closed, closingObject, context: current.Context.Message.Digest);
        return null;
    }

    /// <summary>Step 5: collect the key sum shares, add, open, decode.</summary>
    private async Task<RoundCompletion> CompleteAsync(RoundId round, CoordinatorRound current, CancellationToken cancellation)
    {
        // Closed counts as opened, so there is no way back: wait for everybody, and after a while for as many as open the sum, however long it takes.
        while (!await WaitForAllAsync(() => CommitteeOf(current).Except(desk.Use(state => state.Opened)), cancellation)
            && !desk.Use(state => state.CanOpen))
            CoordinatorLog.AwaitingOpenings(logger, round, Missing(desk.Use(state => state.Opened.ToArray())));
        return desk.Use(state => state.Complete(time.GetUtcNow(), Software));
    }

    /// <summary>Step 6: archive the transcript, put its root and the model on the ledger, and collect attestations.</summary>
    private async Task RecordAsync(RoundId round, RoundCompletion completion, CancellationToken cancellation)
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
            CoordinatorLog.RoundFailed(logger, round, failed.Reason, transaction);
            board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Failed, Detail = failed.Reason });
        }
        else
        {
            var completed = (RoundCompletion.Completed)completion;
            foreach (MemberId member in completed.Disagreeing.Except(completed.Liars))
                CoordinatorLog.KeySumDisagrees(logger, round, member);
            foreach (MemberId member in completed.Liars)
                CoordinatorLog.KeySumIsWrong(logger, round, member);
            timeline.Enter(RoundStep.Attesting);
            CoordinatorLog.RoundFinalized(logger, round, finalization.Model, timeline.Taken.TotalSeconds, transaction);
            board.Publish(new RoundNotice { Round = round.Value, Phase = Phase.Finalized });
            await AwaitAttestationsAsync(round, [.. (await ledger.ReadRoundAsync(round, cancellation)).Commitments.Keys], cancellation);
        }
        timeline.Enter(RoundStep.Archiving);
        await chain.CaptureAsync(cancellation);
        CoordinatorLog.RoundArchived(logger, round, desk.Attested.Count);
        timeline.End();
    }

    // Those who committed attest, unless they have been suspended since. A member hands its attestation in before it puts it on the ledger, so the chain is
    // captured only once both are there.
    private async Task AwaitAttestationsAsync(RoundId round, IReadOnlyCollection<MemberId> committed, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        bool all = false;
        await _registry.UnderTheNewestAsync(
            async (now, stop) => all = await desk.WaitForAllAsync(
                () => [.. now.ActiveMembers.Select(member => member.Id).Intersect(committed).Except(desk.Attested)], timeline.Await,
                TimeSpan.FromTicks(Math.Max(0, (agreement.StepTime - time.GetElapsedTime(started)).Ticks)), stop),
            cancellation);
        IReadOnlyDictionary<MemberId, SignedMessage> handedIn = desk.EndAttestations();
        bool recorded = await ledger.AwaitAttestationsAsync(round, [.. handedIn.Keys], agreement.StepTime - time.GetElapsedTime(started), cancellation);
        if (!all || !recorded)
            CoordinatorLog.AttestationsMissing(logger, round, Missing(handedIn.Keys));
    }

    private async Task<RoundCompletion?> AbandonAsync(RoundId round, AbandonReason reason, string detail, CancellationToken cancellation)
    {
        // With the key that the round is judged by, which after a restart, or a change while it was opened, need not be the one at hand.
        ConsortiumAgreement judge = await ledger.InForceAsync(await ledger.ReadRoundAsync(round, cancellation), cancellation);
        SignedMessage message = SignedMessage.Sign(
            new Abandonment(agreement.Federation, round, reason, detail), agreement.Coordinator.Id, keys.SigningKeyOf(judge.Coordinator.Key));
        archive.Write(new RoundIndex(round, archive.Objects.Put(message.ToArray()), new Dictionary<MemberId, Digest>()));
        Digest transaction = await ledger.AbandonAsync(round, reason, message, cancellation);
        CoordinatorLog.RoundAbandoned(logger, round, detail, transaction);
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

    private Task<bool> WaitForAllAsync(Func<IEnumerable<MemberId>> missing, CancellationToken cancellation) =>
        desk.WaitForAllAsync(() => [.. missing()], timeline.Await, agreement.StepTime, cancellation);

    private ConsortiumAgreement InForce => _roundsAgreement ?? agreement;

    private IEnumerable<MemberId> Members => InForce.ActiveMembers.Select(member => member.Id);

    private SigningKey Signer => keys.SigningKeyOf(InForce.Coordinator.Key);

    private static IEnumerable<MemberId> CommitteeOf(CoordinatorRound round) => round.Context.Plan.Committee.Select(seat => seat.Member);

    private string Missing(IEnumerable<MemberId> present)
    {
        string missing = string.Join(", ", Members.Except(present));
        return missing.Length == 0 ? "nobody" : missing;
    }
}
