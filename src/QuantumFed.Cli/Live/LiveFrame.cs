using System.Globalization;
using QuantumFed.Node;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace QuantumFed.Cli;

/// <summary>
/// What the live view draws: where the run stands, each member, the channel, the ledger. It fits the terminal, with a line to spare: a short one shows the
/// members that are awaited first, a narrow one cuts lines.
/// </summary>
internal static class LiveFrame
{
    private const int NameWidth = 13;
    private const int LinesBesideMembers = 5;

    private static readonly Style NameStyle = new(Color.Grey);
    private static readonly Style AwaitedStyle = new(Color.Yellow);

    /// <summary>The frame at a moment.</summary>
    /// <param name="now">The run.</param>
    /// <param name="activity">What it is at, where the coordinator does not tell: starting, keeping, auditing.</param>
    /// <param name="time">The moment.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal.</param>
    public static IRenderable Of(RunProgress now, string? activity, DateTimeOffset time, int width, int height) => new Rows(
        LinesOf(now, activity, time, height - 1).Take(Math.Max(1, height - 1)).Select(line => line.Draw(width - 1)));

    private static IEnumerable<Line> LinesOf(RunProgress now, string? activity, DateTimeOffset time, int lines)
    {
        MemberProgress[] members = [.. Order(now, Math.Max(1, lines - LinesBesideMembers))];
        if (lines >= LinesBesideMembers + members.Length)
            yield return new Line("", "", Style.Plain);
        yield return new Line("round", StandOf(now, activity, time), Style.Plain);
        foreach (MemberProgress member in members)
            yield return new Line(member.Name, LineOf(member, time), member.AwaitedSince is null ? Style.Plain : AwaitedStyle);
        if (members.Length < now.Members.Count)
            yield return new Line("", $"and {now.Members.Count - members.Length} more members", Style.Plain);
        yield return new Line("link", ChannelOf(now), Style.Plain);
        yield return new Line(
            "ledger",
            now.LastTransaction is { } step ? $"{step.Event} of {step.Party}, 0x{step.Transaction[..Math.Min(12, step.Transaction.Length)]}" : "-",
            Style.Plain);
        yield return new Line("bytes", BytesOf(now), Style.Plain);
    }

    /// <summary>Those shown, in the agreement's order; where there is no room for all, those awaited before the others.</summary>
    private static IEnumerable<MemberProgress> Order(RunProgress now, int room)
    {
        if (now.Members.Count <= room)
            return now.Members;
        HashSet<string> shown = [.. now.Members.OrderBy(member => member.AwaitedSince is null).Take(Math.Max(1, room - 1)).Select(member => member.Name)];
        return now.Members.Where(member => shown.Contains(member.Name));
    }

    private static string StandOf(RunProgress now, string? activity, DateTimeOffset time)
    {
        // The ledger counts rounds from 0.
        int last = Math.Max(0, now.PlannedRounds - 1);
        string stand = activity ?? (now.Current is { } round && now.Step is { } step
            ? $"{round} of {last}, {WordsOf(step)} for {Seconds(time - now.StepSince)}"
            : "starting");
        string accuracy = now.LastScored is { } scored
            ? string.Create(CultureInfo.InvariantCulture, $"; accuracy {scored.Accuracy:F4} after round {scored.Round}")
            : "";
        return stand + accuracy;
    }

    private static string WordsOf(RoundStep step) => step switch
    {
        RoundStep.Keys => "collecting keys",
        RoundStep.Training => "training",
        RoundStep.Upload => "uploading",
        RoundStep.Shares => "checking shares",
        RoundStep.Opening => "opening the sum",
        RoundStep.Finalising => "finalising",
        RoundStep.Attesting => "attesting",
        _ => "archiving",
    };

    private static string LineOf(MemberProgress member, DateTimeOffset time)
    {
        string line = member.AwaitedSince is { } since ? $"awaited for {Seconds(time - since)}; last: {member.Last}" : member.Last;
        return member.Connected || member.Channel is null ? line : line + "; not connected";
    }

    private static string ChannelOf(RunProgress now)
    {
        string[] suites = [.. now.Members.Where(member => member.Connected && member.Channel is not null).Select(member => member.Channel!.CipherSuite).Distinct()];
        return now.Channel is { } channel
            ? $"{channel.TlsVersion} {channel.Group} {channel.Signature} {string.Join(' ', suites)}"
            : "-";
    }

    private static string BytesOf(RunProgress now)
    {
        long received = now.Rounds.Values.Sum(round => round.Traffic.Sum(entry => entry.ReceivedBytes));
        long sent = now.Rounds.Values.Sum(round => round.Traffic.Sum(entry => entry.SentBytes));
        return string.Create(CultureInfo.InvariantCulture, $"{received / 1024.0:F0} KiB from members, {sent / 1024.0:F0} KiB to them");
    }

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)span.TotalSeconds)} s");

    private sealed record Line(string Name, string Text, Style Style)
    {
        public Paragraph Draw(int width)
        {
            string name = Name.PadRight(NameWidth)[..NameWidth];
            string text = NodeEvent.OneLine(Text);
            int room = Math.Max(0, width - NameWidth);
            return new Paragraph().Append(Name.Length > NameWidth - 1 ? name[..(NameWidth - 1)] + " " : name, NameStyle)
                .Append(text.Length > room ? text[..room] : text, Style);
        }
    }
}
