using Microsoft.Extensions.Logging;
using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>What the coordinator tells of its rounds.</summary>
internal static partial class CoordinatorLog
{
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
