using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>
/// Tells how a round goes: whom each step awaits, what it took, what it sent and received. It only tells; nothing depends on it. For one round after the
/// other, from one flow of control.
/// </summary>
internal sealed partial class RoundTimeline(TrafficMeter traffic, TimeProvider time, ILogger logger)
{
    private readonly TimeSpan[] _taken = new TimeSpan[Enum.GetValues<RoundStep>().Length];
    private RoundId? _round;
    private RoundStep _step;
    private long _since;
    private string? _awaited;

    /// <summary>What the round's steps have taken up to the newest, which goes on.</summary>
    public TimeSpan Taken => _taken.Aggregate(TimeSpan.Zero, (sum, step) => sum + step);

    /// <summary>Starts a round at a step; the first, but after a restart.</summary>
    public void Begin(RoundId round, RoundStep step = RoundStep.Keys)
    {
        // What members fetched before is no round's, such as the rounds that one of them missed.
        traffic.Take();
        Array.Clear(_taken);
        _round = round;
        Start(step, time.GetTimestamp());
    }

    /// <summary>Ends the step and starts the next at the same moment.</summary>
    public void Enter(RoundStep step) => Start(step, Stop());

    /// <summary>Says who is awaited, if it is not as said before.</summary>
    public void Await(IReadOnlyCollection<MemberId> members)
    {
        if (_round is not { } round)
            return;
        string names = members.Count == 0 ? "nobody" : string.Join(", ", members);
        if (names == _awaited)
            return;
        _awaited = names;
        Log.Awaiting(logger, round, _step, names);
    }

    /// <summary>Ends the round, if one was begun; steps it did not come to took nothing.</summary>
    public void End()
    {
        if (_round is not { } round)
            return;
        Stop();
        _round = null;
        Log.RoundTimed(
            logger, round, Seconds(RoundStep.Keys), Seconds(RoundStep.Training), Seconds(RoundStep.Upload), Seconds(RoundStep.Shares),
            Seconds(RoundStep.Opening), Seconds(RoundStep.Finalising), Seconds(RoundStep.Attesting), Seconds(RoundStep.Archiving));
    }

    private void Start(RoundStep step, long now)
    {
        (_step, _since, _awaited) = (step, now, null);
        Await([]);
    }

    private long Stop()
    {
        long now = time.GetTimestamp();
        if (_round is not { } round)
            return now;
        _taken[(int)_step] += time.GetElapsedTime(_since, now);
        foreach ((TrafficKind kind, long received, long sent) in traffic.Take())
            Log.RoundTraffic(logger, round, _step, kind, received, sent);
        return now;
    }

    private double Seconds(RoundStep step) => _taken[(int)step].TotalSeconds;

    private static partial class Log
    {
        [LoggerMessage(1018, LogLevel.Debug, "Round {Round}, {Step}: awaiting {Members}.")]
        public static partial void Awaiting(ILogger logger, RoundId round, RoundStep step, string members);

        [LoggerMessage(1019, LogLevel.Debug, "Round {Round}, {Step}: {Kind}, {ReceivedBytes} bytes received, {SentBytes} bytes sent.")]
        public static partial void RoundTraffic(ILogger logger, RoundId round, RoundStep step, TrafficKind kind, long receivedBytes, long sentBytes);

        [LoggerMessage(1020, LogLevel.Information, "Round {Round} took {KeysSeconds:F2} s for keys, {TrainingSeconds:F2} s for training, "
            + "{UploadSeconds:F2} s for uploads, {SharesSeconds:F2} s for share checks, {OpeningSeconds:F2} s for opening, "
            + "{FinalisingSeconds:F2} s for finalising, {AttestingSeconds:F2} s for attestations, {ArchivingSeconds:F2} s for archiving.")]
        public static partial void RoundTimed(
            ILogger logger, RoundId round, double keysSeconds, double trainingSeconds, double uploadSeconds, double sharesSeconds,
            double openingSeconds, double finalisingSeconds, double attestingSeconds, double archivingSeconds);
    }
}
