namespace QuantumFed.Report;

/// <summary>What it took: accuracy against time, and time and bytes by phase.</summary>
internal static class CostSection
{
    private const string Undivided = "whole round";
    private const string Other = "other";

    public static void Write(Markup markup, RunSummary run)
    {
        markup.Write($"<section id=\"cost\"><h2>Time and bytes</h2><div>\n");
        if (Measured.Amount(run.Report.WallSeconds) is { } wall)
            markup.Write($"<p>The run took {Wording.Duration(wall)} from start to end, audit included.</p>\n");
        markup.Write($"<p class=\"note\">Times and bytes are what the programs measured themselves. The audit does not cover them.</p>\n");
        WriteElapsed(markup, run);
        WritePhases(markup, run);
        WriteTraffic(markup, run);
        markup.Write($"</div></section>\n");
    }

    private static void WriteElapsed(Markup markup, RunSummary run)
    {
        ReportRound[] timed =
        [
            .. run.Scored.Where(round => Measured.Amount(round.ElapsedSeconds) is not null).OrderBy(round => round.ElapsedSeconds),
        ];
        markup.Write($"<figure id=\"elapsed\"><figcaption><b>Figure 3.</b> Accuracy against time; one point for each round.</figcaption>\n");
        if (timed.Length == 0)
        {
            markup.Write($"<p class=\"missing\">No round has both a measured accuracy and a time since the start, so there is nothing to draw.</p></figure>\n");
            return;
        }
        (string unit, double length) = timed[^1].ElapsedSeconds switch { <= 300 => ("s", 1.0), <= 10800 => ("min", 60.0), _ => ("h", 3600.0) };
        var chart = new AccuracyChart(
            "elapsed-chart", "Accuracy against time",
            $"{Wording.ExactPercent(timed[0].Accuracy)} after {Wording.Duration(timed[0].ElapsedSeconds!.Value)} and {Wording.ExactPercent(timed[^1].Accuracy)} after {Wording.Duration(timed[^1].ElapsedSeconds!.Value)}.",
            [
                .. timed.Select(round => new ChartPoint(
                    round.ElapsedSeconds!.Value / length, round.Accuracy!.Value,
                    $"Round {round.Number}, {Wording.Seconds(round.ElapsedSeconds)} s: {Wording.ExactPercent(round.Accuracy)}")),
            ],
            run.References);
        ResultSection.Key(markup, run);
        chart.WriteOverTime(markup, unit);
        ResultSection.Notes(markup, chart.AxisNote(), run.UntrainedNote, run.Rounds.Note);
        var table = new DataTable(
            "Accuracy against time", TableColumn.Number("Round"), TableColumn.Number("Since the start (s)"), TableColumn.Number("Round (s)"), TableColumn.Number("Accuracy"));
        foreach (ReportRound round in run.Rounds.Shown)
            table.Add($"{round.Number}", Wording.Seconds(round.ElapsedSeconds), Wording.Seconds(round.Seconds), Wording.ExactPercent(round.Accuracy));
        foreach (ReferenceLine line in run.References)
            table.Add(line.Name, Wording.Missing, Wording.Missing, Wording.ExactPercent(line.Accuracy));
        table.WriteFolded(markup, "Figure 3 as a table");
        markup.Write($"</figure>\n");
    }

    private static void WritePhases(Markup markup, RunSummary run)
    {
        string[] all = [.. run.Rounds.Shown.SelectMany(PhasesOf).Select(phase => phase.Name).Distinct()];
        // As many phases as there are fills; a run that names more shows the rest as one.
        string[] names = all.Length <= PhaseChart.Fills ? all : [.. all.Take(PhaseChart.Fills - 1), Other];
        PhaseBar[] bars = [.. run.Rounds.Shown.Select(round => new PhaseBar(round.Number, SecondsOf(round, names))).Where(bar => bar.Seconds.Sum() > 0)];
        markup.Write($"<figure id=\"phases\"><figcaption><b>Figure 4.</b> Time of each round by phase.</figcaption>\n");
        if (bars.Length == 0)
        {
            markup.Write($"<p class=\"missing\">No round has measured times, so there is nothing to draw.</p></figure>\n");
            return;
        }
        double total = bars.Sum(bar => bar.Seconds.Sum());
        int longest = Enumerable.Range(0, names.Length).MaxBy(phase => bars.Sum(bar => bar.Seconds[phase]));
        ChartKey.Write(markup, names.Select((name, i) => (ChartSample.Bar, $"fill{i % PhaseChart.Fills}", name)));
        new PhaseChart(
            "phases-chart", "Time of each round by phase",
            $"{Wording.Duration(total / bars.Length)} a round on average. The longest phase is {names[longest]}, with {Wording.Percent(bars.Sum(bar => bar.Seconds[longest]) / total)} of the time.",
            names, bars).WriteTo(markup);
        ResultSection.Notes(markup, run.Rounds.Note);
        var table = new DataTable(
            "Seconds of each round by phase", [TableColumn.Number("Round"), .. names.Select(TableColumn.Number), TableColumn.Number("Sum")]);
        foreach (PhaseBar bar in bars)
            table.Add([Wording.Plain(bar.Round), .. bar.Seconds.Select(seconds => Wording.Seconds(seconds)), Wording.Seconds(bar.Seconds.Sum())]);
        table.WriteFolded(markup, "Figure 4 as a table");
        markup.Write($"</figure>\n");
    }

    private static void WriteTraffic(Markup markup, RunSummary run)
    {
        ReportTraffic[] phases =
        [
            .. run.Report.Rounds.SelectMany(TrafficOf).GroupBy(traffic => traffic.Name)
                .Select(phase => new ReportTraffic(phase.Key, Total(phase.Select(t => t.SentByMembers)), Total(phase.Select(t => t.ReceivedByMembers))))
                .Where(phase => (phase.SentByMembers ?? phase.ReceivedByMembers) is not null).Take(24),
        ];
        markup.Write($"<figure id=\"bytes\"><figcaption><b>Figure 5.</b> Bytes by phase: what one hospital sent and received in all rounds, the mean over hospitals.</figcaption>\n");
        if (phases.Length == 0)
        {
            markup.Write($"<p class=\"missing\">No round has measured bytes, so there is nothing to draw.</p></figure>\n");
            return;
        }
        int rounds = run.Report.Rounds.Count(round => TrafficOf(round).Any());
        double sent = phases.Sum(phase => phase.SentByMembers ?? 0);
        double received = phases.Sum(phase => phase.ReceivedByMembers ?? 0);
        ChartKey.Write(markup, [(ChartSample.Bar, "fill0", "Sent by a hospital"), (ChartSample.Bar, "fill1", "Received by a hospital")]);
        new TrafficChart(
            "bytes-chart", "Bytes by phase", $"A hospital sent {Wording.Bytes(sent)} and received {Wording.Bytes(received)} in {Wording.Count(rounds, "round")}.",
            phases).WriteTo(markup);
        var table = new DataTable(
            $"Bytes of one hospital by phase, in {Wording.Count(rounds, "round")}", new TableColumn("Phase"), TableColumn.Number("Sent"), TableColumn.Number("Received"),
            TableColumn.Number("Sent a round"), TableColumn.Number("Received a round"));
        foreach (ReportTraffic phase in phases)
        {
            table.Add(
                phase.Name, Wording.WholeBytes(phase.SentByMembers), Wording.WholeBytes(phase.ReceivedByMembers),
                Wording.WholeBytes(phase.SentByMembers / rounds), Wording.WholeBytes(phase.ReceivedByMembers / rounds));
        }
        table.WriteFolded(markup, "Figure 5 as a table");
        markup.Write($"</figure>\n");
    }

    // A report of version 1 knows only how long a round took, and what an update weighs.
    private static IEnumerable<ReportPhase> PhasesOf(ReportRound round) =>
        round.Phases.Count > 0 ? round.Phases : round.Seconds > 0 ? [new ReportPhase(Undivided, round.Seconds)] : [];

    private static IEnumerable<ReportTraffic> TrafficOf(ReportRound round) => (round.Traffic.Count > 0
        ? round.Traffic
        : round.BytesPerMember > 0 ? [new ReportTraffic("upload", round.BytesPerMember, null)] : [])
        .Select(traffic => new ReportTraffic(traffic.Name, Measured.Amount(traffic.SentByMembers), Measured.Amount(traffic.ReceivedByMembers)));

    private static double[] SecondsOf(ReportRound round, string[] names)
    {
        double[] seconds = new double[names.Length];
        foreach (ReportPhase phase in PhasesOf(round))
        {
            int index = Array.IndexOf(names, phase.Name);
            seconds[index >= 0 ? index : names.Length - 1] += Measured.Amount(phase.Seconds) ?? 0;
        }
        return seconds;
    }

    private static double? Total(IEnumerable<double?> values)
    {
        double?[] known = [.. values.Where(value => value is not null)];
        return known.Length == 0 ? null : known.Sum();
    }
}
