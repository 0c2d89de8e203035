using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// The model as a member replayed it itself, round by round, from the agreed initial one: the only model it trains on. A round that
/// replays is attested, on the ledger and under the member's ML-DSA key.
/// </summary>
internal sealed partial class ModelHistory(
    ConsortiumAgreement agreement, MemberId self, PartyKeys keys, LedgerGateway ledger, CoordinatorConnection coordinator, string stateFolder,
    ILogger logger)
{
    /// <summary>The model before round <see cref="Next"/>.</summary>
    public ModelState Model { get; private set; } = RoundTask.InitialModel(agreement.Task);

    /// <summary>The first round that is not replayed.</summary>
    public RoundId Next { get; private set; }

    /// <summary>Replays the next round, and gives it as the ledger has it.</summary>
    /// <exception cref="NoticeRefusedException">It is not over on the ledger.</exception>
    /// <exception cref="RoundFailedException">The record does not replay: this member must not go on.</exception>
    public async Task<RecordedRound> ReplayNextAsync(CancellationToken cancellation)
    {
        RecordedRound recorded = await ledger.ReadRoundAsync(Next, cancellation);
        if (recorded.Phase is RecordedPhase.Finalized or RecordedPhase.Failed)
            await ReplayAsync(recorded, cancellation);
        else if (recorded.Phase != RecordedPhase.Abandoned)
            throw new NoticeRefusedException($"round {Next} is not over on the ledger");
        Next = Next.Next;
        return recorded;
    }

    private async Task ReplayAsync(RecordedRound recorded, CancellationToken cancellation)
    {
        ConsortiumAgreement inForce = await ledger.InForceAsync(recorded, cancellation);
        SignedMessage finalization = await coordinator.ReceiveRoundAsync(recorded.Round, inForce.Coordinator.Key, recorded.TranscriptRoot, cancellation);
        ReplayResult replay = RoundReplay.Run(inForce, recorded, finalization, coordinator.Objects, Model);
        if (!replay.Verified)
        {
            ReplayFinding first = replay.Findings[0];
            Log.ReplayRefused(logger, recorded.Round, first.Subject, first.Problem);
            throw new RoundFailedException(recorded.Round, $"this member's replay does not agree with the record: {first.Subject}: {first.Problem}");
        }
        Log.Replayed(logger, recorded.Round, recorded.Model);
        if (recorded.Phase == RecordedPhase.Finalized)
            await AttestAsync(inForce, recorded, cancellation);
        Model = replay.Model!;
    }

    private async Task AttestAsync(ConsortiumAgreement inForce, RecordedRound recorded, CancellationToken cancellation)
    {
        if (recorded.Signatures.ContainsKey((RecordKind.Attestation, self)))
            return;
        // The ledger takes attestations of those who committed, and are no strangers now.
        (ConsortiumAgreement now, _) = await ledger.InForceAsync(cancellation);
        if (!recorded.Commitments.ContainsKey(self) || now.Find(self) is not { Suspended: false })
            return;
        if (keys.FindSigningKey(inForce.Find(self)!.Key) is not { } signer)
        {
            Log.AttestationKeyMissing(logger, recorded.Round);
            return;
        }
        (ulong number, Digest hash) = await ledger.FinalizationBlockAsync(recorded.Round, cancellation);
        // Kept before it is sent: taken again after a lost connection or a restart, the step sends the signature that the archive may hold already.
        SignedMessage attestation = new MemberRoundFiles(stateFolder, recorded.Round).KeepAttestation(SignedMessage.Sign(
            new Attestation(recorded.Plan, recorded.TranscriptRoot, recorded.Model, number, hash), self, signer));
        try
        {
            // To the archive first: what the ledger names must exist.
            await coordinator.SubmitAsync(attestation, cancellation);
        }
        catch (GrpcException refusal) when (refusal.Status == GrpcStatusCode.FailedPrecondition)
        {
            // The federation has gone on without it; an attestation nobody can look up is not put on the ledger.
            Log.AttestationLate(logger, recorded.Round, refusal.Detail);
            return;
        }
        Digest transaction = await ledger.AttestAsync(recorded.Round, recorded.Model, attestation, cancellation);
        Log.Attested(logger, recorded.Round, transaction);
    }

    private static partial class Log
    {
        [LoggerMessage(2006, LogLevel.Information, "Round {Round}: replayed, model {Model}.")]
        public static partial void Replayed(ILogger logger, RoundId round, Digest model);

        [LoggerMessage(2007, LogLevel.Information, "Round {Round}: attested, transaction {Transaction}.")]
        public static partial void Attested(ILogger logger, RoundId round, Digest transaction);

        [LoggerMessage(2011, LogLevel.Error, "Round {Round} does not replay: {Subject}: {Problem}")]
        public static partial void ReplayRefused(ILogger logger, RoundId round, string subject, string problem);

        [LoggerMessage(2026, LogLevel.Warning, "Round {Round}: not attested, since the record key that this member had in that round is no longer in its folder.")]
        public static partial void AttestationKeyMissing(ILogger logger, RoundId round);

        [LoggerMessage(2016, LogLevel.Warning, "Round {Round}: came too late to attest: {Reason}")]
        public static partial void AttestationLate(ILogger logger, RoundId round, string reason);
    }
}
