using System.Collections.Immutable;
using System.Globalization;
using QuantumFed.Federation;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Qkd;

namespace QuantumFed.Cli;

/// <summary>
/// A run as its parties' events tell it: a value that each event turns into the next. It believes nothing to be proved, and an event it does not know, or
/// whose fields it cannot read, changes nothing. Immutable.
/// </summary>
internal sealed record RunProgress
{
    /// <summary>The party whose events tell of rounds.</summary>
    public const string Coordinator = "coordinator";

    private static readonly ImmutableDictionary<string, string> MemberSteps = new Dictionary<string, string>
    {
        ["KeyAnnounced"] = "announced its key",
        ["Committed"] = "committed",
        ["Uploaded"] = "uploaded",
        ["LinkReported"] = "reported its quantum link",
        ["SharesChecked"] = "checked its shares",
        ["SumOpened"] = "opened the sum",
        ["Replayed"] = "replayed",
        ["Attested"] = "attested",
    }.ToImmutableDictionary();

    private RunProgress(DateTimeOffset started, int plannedRounds, ImmutableList<MemberProgress> members) =>
        (Started, PlannedRounds, Members) = (started, plannedRounds, members);

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>How many rounds the agreement asks for, the one of joint standardisation among them.</summary>
    public int PlannedRounds { get; }

    /// <summary>The members, in the agreement's order.</summary>
    public ImmutableList<MemberProgress> Members { get; private init; }

    /// <summary>The rounds begun so far.</summary>
    public ImmutableSortedDictionary<RoundId, RoundProgress> Rounds { get; private init; } = ImmutableSortedDictionary<RoundId, RoundProgress>.Empty;

    /// <summary>The round that the coordinator told of last.</summary>
    public RoundId? Current { get; private init; }

    /// <summary>What the coordinator is at in it.</summary>
    public RoundStep? Step { get; private init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset StepSince { get; private init; }

    /// <summary>TLS as the coordinator's process measured it.</summary>
    public ChannelProfile? Channel { get; private init; }

    /// <summary>The members' quantum links, as far as they told; none where there are no links.</summary>
    public ImmutableSortedDictionary<string, LinkProgress> Links { get; private init; } = ImmutableSortedDictionary.Create<string, LinkProgress>(StringComparer.Ordinal);

    /// <summary>The last transaction that a party told of.</summary>
    public LedgerStep? LastTransaction { get; private init; }

    /// <summary>Whether the coordinator said that all rounds are done.</summary>
    public bool Complete { get; private init; }

    /// <summary>What a party's end would interrupt.</summary>
    public string Moment { get; private init; } = "before the first round";

    /// <summary>The last training round with an accuracy; joint standardisation leaves the model untrained.</summary>
    public RoundProgress? LastScored => Rounds.Values.LastOrDefault(round => round.Accuracy is not null && round.Purpose != nameof(RoundPurpose.Moments));

    /// <summary>A run of which nothing was heard yet.</summary>
    public static RunProgress Begin(DateTimeOffset started, int plannedRounds, IEnumerable<string> members) =>
        new(started, plannedRounds, [.. members.Select(MemberProgress.New)]);

    /// <summary>The round an event is of, if it is of one.</summary>
    public static RoundId? RoundOf(NodeEvent entry) =>
        entry.Fields.TryGetValue("round", out string? text) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? new RoundId(value)
            : null;

    /// <summary>The run after an event.</summary>
    public RunProgress Take(string party, NodeEvent entry)
    {
        RoundId? round = RoundOf(entry);
        RunProgress next = entry.Fields.TryGetValue("transaction", out string? transaction)
            ? this with { LastTransaction = new LedgerStep(party, entry.Name, round, transaction) }
            : this;
        if (DemoLinks.MemberOf(party) is { } linked)
            return next.TakeOfLink(linked, entry);
        if (party != Coordinator)
            return next.TakeOfMember(party, round, entry);
        return round is { } number ? next.TakeOfRound(number, entry) : next.TakeOfCoordinator(entry);
    }

    /// <summary>The run once a round's model is scored.</summary>
    public RunProgress Scored(RoundId round, double? accuracy) => WithRound(round, known => known with { Accuracy = accuracy });

    // Both ends tell of every block; the transmitter's counts.
    private RunProgress TakeOfLink(string member, NodeEvent entry) => (entry.Name, Text(entry, "role")) switch
    {
        ("BlockDistilled", nameof(LinkRole.Transmitter)) => WithLink(member, link => Text(entry, "outcome") == nameof(BlockOutcome.Delivered)
            ? link with { BlocksDelivered = link.BlocksDelivered + 1, Qber = Fraction(entry, "qber") }
            : link with { BlocksAborted = link.BlocksAborted + 1, Qber = Fraction(entry, "qber") }),
        ("AlarmRaised", nameof(LinkRole.Transmitter)) => WithLink(member, link => link with { Alarm = link.Alarm ?? Text(entry, "reason") }),
        _ => this,
    };

    private RunProgress TakeOfMember(string party, RoundId? round, NodeEvent entry)
    {
        if (entry.Name == "QuantumKeyObtained")
            return WithLink(party, link => link with { KeysUsed = link.KeysUsed + 1 });
        if (MemberSteps.TryGetValue(entry.Name, out string? words))
        {
            long bytes = entry.Name == "Uploaded" ? Number(entry, "bytes") ?? 0 : 0;
            RunProgress next = WithMember(party, member => member with { Last = words, UploadedBytes = member.UploadedBytes + bytes });
            return bytes > 0 && round is { } uploaded
                ? next.WithRound(uploaded, known => known with { Uploads = known.Uploads.SetItem(party, bytes) })
                : next;
        }
        return this;
    }

    private RunProgress TakeOfCoordinator(NodeEvent entry) => entry.Name switch
    {
        "ProfileInForce" => this with { Channel = new ChannelProfile(Text(entry, "tlsVersion"), Text(entry, "group"), Text(entry, "signature")) },
        "MemberConnected" => WithMember(Text(entry, "member"), member => member with { Connected = true, Last = member.Last == "starting" ? "connected" : member.Last }),
        "MemberDisconnected" => WithMember(Text(entry, "member"), member => member with { Connected = false }),
        "MemberLink" => WithMember(Text(entry, "member"), member => member with
        {
            Channel = new MemberChannel(Text(entry, "protocol"), Text(entry, "cipherSuite"), Text(entry, "certificateSignature")),
        }),
        "FederationCompleted" => this with { Complete = true, Step = null, Members = Nobody() },
        _ => this,
    };

    private RunProgress TakeOfRound(RoundId round, NodeEvent entry)
    {
        switch (entry.Name)
        {
            case "Awaiting" when Enum.TryParse(Text(entry, "step"), out RoundStep step):
                return WithRound(round, known => known).Awaiting(round, step, entry);
            case "RoundOpened":
                return WithRound(round, known => known with { Purpose = Text(entry, "purpose") }) with { Moment = $"in the middle of round {round}" };
            case "RoundTraffic" when Enum.TryParse(Text(entry, "step"), out RoundStep at) && Enum.TryParse(Text(entry, "kind"), out TrafficKind kind):
                var traffic = new RoundTraffic(at, kind, Number(entry, "receivedBytes") ?? 0, Number(entry, "sentBytes") ?? 0);
                return WithRound(round, known => known with { Traffic = known.Traffic.Add(traffic) });
            case "RoundClosed":
                return WithRound(round, known => known with { Participants = (int?)Number(entry, "participants") });
            case "RoundFinalized" when Digest.TryParse(Text(entry, "model"), out Digest model):
                return WithRound(round, known => known with
                {
                    State = RoundState.Finalised,
                    Model = model,
                    Seconds = Fraction(entry, "seconds"),
                    ElapsedSeconds = (entry.Time - Started).TotalSeconds,
                }) with { Moment = $"after round {round}" };
            case "RoundTimed":
                return WithRound(round, known => known with { StepSeconds = StepsOf(entry) });
            case "RoundFailed":
                return WithRound(round, known => known with { State = RoundState.Failed }) with { Moment = $"after round {round}" };
            case "RoundAbandoned":
                return WithRound(round, known => known with { State = RoundState.Abandoned }) with { Moment = $"after round {round}" };
            default:
                return this;
        }
    }

    // Who was awaited in this step before goes on waiting since then.
    private RunProgress Awaiting(RoundId round, RoundStep step, NodeEvent entry)
    {
        bool same = Current == round && Step == step;
        HashSet<string> names = [.. Text(entry, "members").Split(", ")];
        return this with
        {
            Current = round,
            Step = step,
            StepSince = same ? StepSince : entry.Time,
            Members = [.. Members.Select(member => member with
            {
                AwaitedSince = !names.Contains(member.Name) ? null : same ? member.AwaitedSince ?? entry.Time : entry.Time,
            })],
        };
    }

    private static ImmutableSortedDictionary<RoundStep, double> StepsOf(NodeEvent entry) => Enum.GetValues<RoundStep>()
        .ToImmutableSortedDictionary(step => step, step => Fraction(entry, $"{step.ToString().ToLowerInvariant()}Seconds") ?? 0);

    private ImmutableList<MemberProgress> Nobody() => [.. Members.Select(member => member with { AwaitedSince = null })];

    private RunProgress WithMember(string name, Func<MemberProgress, MemberProgress> change)
    {
        int index = Members.FindIndex(member => member.Name == name);
        return index < 0 ? this : this with { Members = Members.SetItem(index, change(Members[index])) };
    }

    private RunProgress WithLink(string member, Func<LinkProgress, LinkProgress> change) =>
        this with { Links = Links.SetItem(member, change(Links.GetValueOrDefault(member) ?? LinkProgress.New)) };

    private RunProgress WithRound(RoundId round, Func<RoundProgress, RoundProgress> change) =>
        this with { Rounds = Rounds.SetItem(round, change(Rounds.GetValueOrDefault(round) ?? new RoundProgress(round))) };

    private static string Text(NodeEvent entry, string field) => entry.Fields.GetValueOrDefault(field) ?? "";

    private static long? Number(NodeEvent entry, string field) =>
        long.TryParse(Text(entry, field), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static double? Fraction(NodeEvent entry, string field) =>
        double.TryParse(Text(entry, field), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
