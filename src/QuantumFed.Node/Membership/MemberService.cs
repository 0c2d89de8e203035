using Google.Protobuf;
using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Lattice;
using QuantumFed.Ledger;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// A member's part in every round, one method for each notice. It believes nothing that it can check: the plan against its own replayed model,
/// each step against the ledger, each finished round by replaying it. Notices may repeat; every step is safe to take again.
/// </summary>
internal sealed partial class MemberService(
    ConsortiumAgreement agreement, MemberId self, PartyKeys keys, MemberTraining training, ControlVariateFile control, LedgerGateway ledger, CoordinatorConnection coordinator,
    MemberLink? link, IOpeningJournal journal, string stateFolder, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    private readonly ModelHistory _history = new(agreement, self, keys, ledger, coordinator, stateFolder, logger);
    private RoundContext? _context;
    private CommitteeRound? _committee;

    // Told once for each suspension, however often the member connects anew meanwhile.
    private bool _suspensionTold;

    /// <summary>Follows the coordinator until cancelled, reconnecting as often as needed.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await AwaitStandingAsync(cancellation);
                await foreach (RoundNotice notice in coordinator.WatchAsync(cancellation))
                    await TryHandleAsync(notice, cancellation);
                Log.Disconnected(logger, "the coordinator ended the call");
            }
            catch (LedgerUnavailableException error)
            {
                Log.LedgerAway(logger, error.Message);
            }
            catch (GrpcException error) when (!cancellation.IsCancellationRequested && IsPassing(error.Status))
            {
                Log.Disconnected(logger, error.Message);
            }
            await Task.Delay(ReconnectDelay, time, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => LeaveRound();

    /// <summary>
    /// Whether a call that ended so may succeed later. UNKNOWN is a handler that failed, as when the coordinator's disk is full; what is wrong with the
    /// coordinator's answers is the coordinator's, and no reason for a member to leave. What remains says that this member's call itself is at fault.
    /// </summary>
    internal static bool IsPassing(GrpcStatusCode status) =>
        status is not (GrpcStatusCode.PermissionDenied or GrpcStatusCode.Unauthenticated or GrpcStatusCode.InvalidArgument or GrpcStatusCode.Unimplemented);

    // What a coordinator says that does not fit the ledger or this member's own replay is refused and told, and the member stays.
    private async Task TryHandleAsync(RoundNotice notice, CancellationToken cancellation)
    {
        try
        {
            await HandleAsync(notice, cancellation);
        }
        catch (Exception refusal) when (refusal is NoticeRefusedException or LedgerRejectedException)
        {
            Log.NoticeRefused(logger, new RoundId(notice.Round), notice.Phase, refusal.Message);
        }
    }

    private async Task HandleAsync(RoundNotice notice, CancellationToken cancellation)
    {
        // Let in to the round that it was suspended in, and reinstated before the next, it has no reason to connect anew.
        if (_suspensionTold)
            TellIfReinstated((await ledger.InForceAsync(cancellation)).Agreement);
        var round = new RoundId(notice.Round);
        RoundId open = await ledger.NextRoundAsync(cancellation);
        if (round > open || (round == open && notice.Phase is not (Phase.Keys or Phase.Complete)))
            throw new NoticeRefusedException($"the ledger's next round is {open}");
        if (notice.Phase == Phase.Complete)
        {
            await CatchUpAsync(open, cancellation);
            Log.FederationCompleted(logger);
            return;
        }
        await CatchUpAsync(round, cancellation);
        switch (notice.Phase)
        {
            case Phase.Keys when round == open:
                await AnnounceKeyAsync(round, cancellation);
                break;
            case Phase.Open:
                await CommitAsync(await ContextAsync(round, notice, cancellation), cancellation);
                break;
            case Phase.Frozen:
                await UploadAsync(await ContextAsync(round, notice, cancellation), cancellation);
                break;
            case Phase.Shares:
                await CheckSharesAsync(await ContextAsync(round, notice, cancellation), cancellation);
                break;
            case Phase.Closed:
                await OpenSumAsync(await ContextAsync(round, notice, cancellation), DigestOf(notice.Object), cancellation);
                break;
            case Phase.Finalized or Phase.Failed or Phase.Abandoned:
                await CatchUpAsync(round.Next, cancellation);
                break;
        }
    }

    /// <summary>Replays the rounds before <paramref name="round"/> that are not replayed yet, and removes what this member kept of each.</summary>
    private async Task CatchUpAsync(RoundId round, CancellationToken cancellation)
    {
        while (_history.Next < round)
        {
            var files = new MemberRoundFiles(stateFolder, _history.Next);
            RecordedRound passed = await _history.ReplayNextAsync(cancellation);
            LeaveRound();
            if (passed.Phase == RecordedPhase.Finalized && passed.Participants.Contains(self) && files.ReadControlChange() is { } change)
                control.Apply(passed.Round, change);
            files.Remove();
        }
    }

    /// <summary>Makes this round's committee key, or announces the one that was made.</summary>
    private async Task AnnounceKeyAsync(RoundId round, CancellationToken cancellation)
    {
        var files = new MemberRoundFiles(stateFolder, round);
        (ConsortiumAgreement inForce, _) = await ledger.InForceAsync(cancellation);
        SignedMessage? announcement = files.ReadAnnouncement();
        // One that was signed before the members changed this member's key is of no use any more.
        if (announcement is null || !RoundPlanning.TryOpenRoundKey(inForce, round, announcement, out _))
        {
            using RoundKeyPair key = RoundKeyPair.Generate();
            announcement = CommitteeRound.Announce(inForce, round, key, self, SignerIn(inForce));
            files.WriteKey(key, announcement);
        }
        await coordinator.SubmitAsync(announcement, cancellation);
        Log.KeyAnnounced(logger, round);
    }

    /// <summary>Trains, encrypts, keeps the result on disk and commits to it on the ledger. Nothing of it leaves before that.</summary>
    private async Task CommitAsync(RoundContext context, CancellationToken cancellation)
    {
        RoundId round = context.Plan.Round;
        var files = new MemberRoundFiles(stateFolder, round);
        RecordedRound recorded = await RecordedAsync(context, cancellation);
        if (recorded.Phase != RecordedPhase.Open)
            return;
        PreparedUpdate? update = files.ReadUpdate();
        if (update is null)
        {
            MemberContribution contribution;
            try
            {
                contribution = await training.ContributeAsync(round, _history.Model, cancellation);
            }
            catch (ContributionException refusal)
            {
                Log.CannotContribute(logger, round, refusal.Message);
                return;
            }
            update = UpdateEncryptor.Encrypt(context, context.SeedFrom(recorded.SeedBlock), self, SignerIn(context.Agreement), contribution.Values);
            // Before the update: what is committed to must not lack its other half after a crash.
            if (contribution.ControlChange is { } change)
                files.WriteControlChange(change);
            files.WriteUpdate(update);
        }
        Digest transaction = await ledger.CommitAsync(round, Commitment(update), update.Manifest, cancellation);
        Log.Committed(logger, round, Commitment(update), transaction);
    }

    /// <summary>Uploads the stored update, once the ledger itself says that no more commitments are taken.</summary>
    private async Task UploadAsync(RoundContext context, CancellationToken cancellation)
    {
        RoundId round = context.Plan.Round;
        RecordedRound recorded = await RecordedAsync(context, cancellation);
        var files = new MemberRoundFiles(stateFolder, round);
        PreparedUpdate? update = files.ReadUpdate();
        if (recorded.Phase != RecordedPhase.Frozen || update is null
            || !recorded.Commitments.TryGetValue(self, out Digest commitment) || commitment != Commitment(update))
        {
            Log.NothingToUpload(logger, round, recorded.Phase);
            return;
        }
        (bool maySend, QuantumKey? key) = link is null ? (true, null) : await link.PrepareAsync(context, recorded, files, cancellation);
        if (!maySend)
            return;
        using QuantumKey? used = key;
        long bytes = await coordinator.SubmitAsync(
            context, context.Agreement.Find(self)!, SignerIn(context.Agreement), update, commitment, key, cancellation);
        // The transcript will name them; they need not come back over the wire.
        coordinator.Objects.Put(update.Ciphertext);
        coordinator.Objects.Put(update.Manifest.ToArray());
        Log.Uploaded(logger, round, bytes);
    }

    /// <summary>As a committee member: opens the shares dealt to it and reports on them.</summary>
    private async Task CheckSharesAsync(RoundContext context, CancellationToken cancellation)
    {
        if (TryTakeSeat(context) is not { } committee)
            return;
        RecordedRound recorded = await RecordedAsync(context, cancellation);
        IReadOnlyList<DealtManifest> dealt = await coordinator.ReceiveSharesAsync(context.Plan.Round, cancellation);
        new MemberRoundFiles(stateFolder, context.Plan.Round).WriteShares(dealt);
        if (!committee.TryReport(recorded, dealt, out SignedMessage? report, out string? failure))
        {
            Log.Refused(logger, context.Plan.Round, failure);
            return;
        }
        new MemberRoundFiles(stateFolder, context.Plan.Round).WriteChallenge(committee.Challenge!.Value);
        await coordinator.SubmitAsync(report, cancellation);
        Log.SharesChecked(logger, context.Plan.Round, dealt.Count);
    }

    /// <summary>As a committee member: opens the ledger's set, once. The answer is kept for sending again; the key is erased before it is sent.</summary>
    private async Task OpenSumAsync(RoundContext context, Digest closingObject, CancellationToken cancellation)
    {
        RoundId round = context.Plan.Round;
        var files = new MemberRoundFiles(stateFolder, round);
        SignedMessage? keySum = files.ReadKeySum();
        if (keySum is null)
        {
            if (TryTakeSeat(context) is not { } committee)
                return;
            RecordedRound recorded = await RecordedAsync(context, cancellation);
            // After a restart the shares are unsealed again from this member's own files; the report that comes of it was sent before.
            if (!committee.HasShares)
                committee.TryReport(recorded, files.ReadShares(), out _, out _);
            SignedMessage closingMessage = await coordinator.ReceiveMessageAsync(closingObject, cancellation);
            if (closingMessage.TryOpen(context.Agreement.Coordinator.Key, out RoundClosing? closing))
            {
                foreach (Digest report in closing.ShareReports)
                    await coordinator.ReceiveAsync(report, cancellation);
            }
            if (!committee.TryOpen(recorded, closingMessage, coordinator.Objects, journal, out keySum, out string? failure))
            {
                Log.Refused(logger, round, failure);
                return;
            }
            files.WriteKeySum(keySum);
        }
        // Also where the answer was kept before a restart, which may have come between the two.
        files.EraseKey();
        LeaveSeat();
        await coordinator.SubmitAsync(keySum, cancellation);
        Log.SumOpened(logger, round);
    }

    private async Task<RoundContext> ContextAsync(RoundId round, RoundNotice notice, CancellationToken cancellation)
    {
        Digest digest = DigestOf(notice.Plan);
        if (_context is not null && _context.Message.Digest == digest)
            return _context;
        SignedMessage message = await coordinator.ReceiveMessageAsync(digest, cancellation);
        ConsortiumAgreement inForce = await ledger.InForceAsync(await ledger.ReadRoundAsync(round, cancellation), cancellation);
        if (message.TryOpen(inForce.Coordinator.Key, out RoundPlan? plan))
        {
            foreach (CommitteeSeat seat in plan.Committee)
                await coordinator.ReceiveAsync(seat.RoundKey, cancellation);
        }
        if (!RoundContext.TryCreate(
            inForce, message, coordinator.Objects, RoundTask.PurposeOf(agreement.Task, _history.Model), Digest.Of(_history.Model.ToCanonicalBytes()),
            out RoundContext? context, out string? failure) || context.Plan.Round != round)
            throw new NoticeRefusedException(failure ?? "the plan is for another round");
        // Another plan than the ledger's is refused before anything of the round in progress is let go.
        await RecordedAsync(context, cancellation);
        LeaveRound();
        return _context = context;
    }

    private async Task<RecordedRound> RecordedAsync(RoundContext context, CancellationToken cancellation)
    {
        RecordedRound recorded = await ledger.ReadRoundAsync(context.Plan.Round, cancellation);
        return recorded.Plan == context.PlanDigest
            ? recorded
            : throw new NoticeRefusedException("the coordinator shows this member another plan than the one on the ledger");
    }

    private CommitteeRound? TryTakeSeat(RoundContext context)
    {
        if (_committee is not null)
            return _committee;
        var files = new MemberRoundFiles(stateFolder, context.Plan.Round);
        if (context.Plan.Committee.All(seat => seat.Member != self) || !files.TryReadKey(out RoundKeyPair? key))
            return null;
        return _committee = new CommitteeRound(context, key, self, SignerIn(context.Agreement), files.ReadChallenge());
    }

    private SigningKey SignerIn(ConsortiumAgreement inForce) => keys.SigningKeyOf(inForce.Find(self)!.Key);

    /// <summary>
    /// Waits as long as the members have suspended this one: the coordinator would not talk to it, and the ledger takes nothing from it. A round that was opened
    /// before is brought to its end: its sum may need this member's part.
    /// </summary>
    private async Task AwaitStandingAsync(CancellationToken cancellation)
    {
        (ConsortiumAgreement inForce, ulong version) = await ledger.InForceAsync(cancellation);
        while (inForce.Find(self) is { Suspended: true })
        {
            if (!_suspensionTold)
                Log.Suspended(logger);
            _suspensionTold = true;
            if (await HasPartInRoundInProgressAsync(cancellation))
                return;
            await ledger.AwaitRegistryChangeAsync(version, cancellation);
            (inForce, version) = await ledger.InForceAsync(cancellation);
        }
        TellIfReinstated(inForce);
    }

    private void TellIfReinstated(ConsortiumAgreement inForce)
    {
        if (!_suspensionTold || inForce.Find(self) is { Suspended: true })
            return;
        Log.Reinstated(logger);
        _suspensionTold = false;
    }

    private async Task<bool> HasPartInRoundInProgressAsync(CancellationToken cancellation)
    {
        RoundId next = await ledger.NextRoundAsync(cancellation);
        if (next.Value == 0)
            return false;
        RecordedRound newest = await ledger.ReadRoundAsync(new RoundId(next.Value - 1), cancellation);
        return newest.Phase is RecordedPhase.Open or RecordedPhase.Frozen or RecordedPhase.Closed
            && (await ledger.InForceAsync(newest, cancellation)).Find(self) is { Suspended: false };
    }

    private void LeaveRound()
    {
        LeaveSeat();
        _context = null;
    }

    /// <summary>Erases what the committee member holds in memory: its key and the shares dealt to it.</summary>
    private void LeaveSeat()
    {
        _committee?.Dispose();
        _committee = null;
    }

    private static Digest DigestOf(ByteString bytes) =>
        bytes.Length == Digest.SizeInBytes ? new Digest(bytes.Span) : throw new NoticeRefusedException("it names no object");

    private static Digest Commitment(PreparedUpdate update) =>
        update.Manifest.TryReadUnverified(out UpdateManifest? manifest)
            ? manifest.Commitment
            : throw new InvalidDataException("The update in the outbox cannot be read.");

    private static partial class Log
    {
        [LoggerMessage(2024, LogLevel.Warning, "The members of the consortium have suspended this one by vote. It takes no part until they reinstate it.")]
        public static partial void Suspended(ILogger logger);

        [LoggerMessage(2025, LogLevel.Information, "The members of the consortium have reinstated this one.")]
        public static partial void Reinstated(ILogger logger);

        [LoggerMessage(2001, LogLevel.Information, "Round {Round}: announced the round key.")]
        public static partial void KeyAnnounced(ILogger logger, RoundId round);

        [LoggerMessage(2002, LogLevel.Information, "Round {Round}: committed to {Commitment}, transaction {Transaction}.")]
        public static partial void Committed(ILogger logger, RoundId round, Digest commitment, Digest transaction);

        [LoggerMessage(2003, LogLevel.Information, "Round {Round}: uploaded the update, {Bytes} bytes.")]
        public static partial void Uploaded(ILogger logger, RoundId round, long bytes);

        [LoggerMessage(2004, LogLevel.Information, "Round {Round}: checked the shares of {Dealers} members.")]
        public static partial void SharesChecked(ILogger logger, RoundId round, int dealers);

        [LoggerMessage(2005, LogLevel.Information, "Round {Round}: opened this member's part of the key sum.")]
        public static partial void SumOpened(ILogger logger, RoundId round);

        [LoggerMessage(2008, LogLevel.Warning, "Round {Round}: refused to open: {Reason}")]
        public static partial void Refused(ILogger logger, RoundId round, string reason);

        [LoggerMessage(2009, LogLevel.Error, "Round {Round}: cannot contribute: {Reason}")]
        public static partial void CannotContribute(ILogger logger, RoundId round, string reason);

        [LoggerMessage(2010, LogLevel.Warning, "Round {Round}: nothing to upload, the ledger has the round {Phase}.")]
        public static partial void NothingToUpload(ILogger logger, RoundId round, RecordedPhase phase);

        [LoggerMessage(2012, LogLevel.Warning, "Not connected to the coordinator: {Reason}. Trying again.")]
        public static partial void Disconnected(ILogger logger, string reason);

        [LoggerMessage(2014, LogLevel.Warning, "Round {Round}: refused the coordinator's notice {Phase}: {Reason}.")]
        public static partial void NoticeRefused(ILogger logger, RoundId round, Phase phase, string reason);

        [LoggerMessage(2015, LogLevel.Warning, "The ledger is away: {Reason}")]
        public static partial void LedgerAway(ILogger logger, string reason);

        [LoggerMessage(2013, LogLevel.Information, "The federation is complete.")]
        public static partial void FederationCompleted(ILogger logger);
    }
}
