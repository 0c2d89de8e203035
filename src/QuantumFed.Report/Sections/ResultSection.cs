namespace QuantumFed.Report;

/// <summary>How good the model is: against the pooled and the local-only models, after each round, and at each hospital.</summary>
internal static class ResultSection
{
    private const int MostHospitals = 60;
    private const int MostHospitalColumns = 20;

    public static void Write(Markup markup, RunSummary run)
    {
        markup.Write($"<section id=\"result\"><h2>Result</h2><div>\n");
        WriteScores(markup, run);
        WriteRounds(markup, run);
        WriteHospitals(markup, run);
        markup.Write($"</div></section>\n");
    }

    private static void WriteScores(Markup markup, RunSummary run)
    {
        RunReport report = run.Report;
        var table = new DataTable(
            "Table 1. Scores on the test rows", new TableColumn("Model"), TableColumn.Number("Accuracy"), TableColumn.Number("AUC"), TableColumn.Number("Loss"));
        table.Add("Federated, the last model", Wording.ExactPercent(run.Federated), Auc(report.Federated?.Auc), Wording.Four(report.Federated?.Loss));
        table.Add("Pooled, all training rows in the clear", Wording.ExactPercent(run.Pooled), Auc(report.Pooled?.Auc), Wording.Four(report.Pooled?.Loss));
        table.Add("Local-only, mean over test rows", Wording.ExactPercent(run.Local), Auc(report.Local?.Auc), Wording.Four(report.Local?.Loss));
        if (Measured.Fraction(report.MajorityAccuracy) is { } majority)
            table.Add("No model: every row the most frequent class", Wording.ExactPercent(majority), Wording.Four(0.5), Wording.Missing);
        table.WriteTo(markup);
        markup.Write($"<p class=\"note\">Accuracy is the share of test rows classified correctly. AUC is the area under the ROC curve: 0.5 is chance, 1 is perfect.");
        if (Measured.Fraction(report.BestAuc) is { } best)
            markup.Write($" These rows were generated, so the best AUC to be expected of any model is known: {Wording.Four(best)}.");
        markup.Write($" The sign {Wording.Missing} marks what was not measured.</p>\n");
    }

    private static void WriteRounds(Markup markup, RunSummary run)
    {
        IReadOnlyList<ReportRound> scored = run.Scored;
        markup.Write($"<figure id=\"accuracy\"><figcaption><b>Figure 1.</b> Accuracy after each round, on all test rows.</figcaption>\n");
        if (scored.Count == 0)
        {
            markup.Write($"<p class=\"missing\">No round has a measured accuracy, so there is nothing to draw.</p></figure>\n");
            return;
        }
        var chart = new AccuracyChart(
            "accuracy-chart", "Accuracy after each round",
            $"{Wording.ExactPercent(scored[0].Accuracy)} after round {scored[0].Number} and {Wording.ExactPercent(scored[^1].Accuracy)} after round {scored[^1].Number}."
            + string.Concat(run.References.Select(line => $" {line.Name}: {Wording.ExactPercent(line.Accuracy)}.")),
            [.. scored.Select(round => new ChartPoint(round.Number, round.Accuracy!.Value, $"Round {round.Number}: {Wording.ExactPercent(round.Accuracy)}"))],
            run.References);
        Key(markup, run);
        chart.WriteOverRounds(markup);
        Notes(markup, chart.AxisNote(), run.UntrainedNote, run.Rounds.Note);
        var table = new DataTable(
            "Accuracy after each round", TableColumn.Number("Round"), new TableColumn("Step"), TableColumn.Number("Accuracy"), TableColumn.Number("AUC"),
            TableColumn.Number("Loss"));
        foreach (ReportRound round in run.Rounds.Shown)
            table.Add($"{round.Number}", RoundSection.Step(round), Wording.ExactPercent(round.Accuracy), Auc(round.Auc), Wording.Four(round.Loss));
        foreach (ReferenceLine line in run.References)
            table.Add(Wording.Missing, line.Name, Wording.ExactPercent(line.Accuracy), Wording.Missing, Wording.Missing);
        table.WriteFolded(markup, "Figure 1 as a table");
        markup.Write($"</figure>\n");
    }

    private static void WriteHospitals(Markup markup, RunSummary run)
    {
        Sample<ReportMember> members = Sample<ReportMember>.First(run.Report.Members, MostHospitals, "hospitals");
        HospitalPair[] pairs =
        [
            .. members.Shown.Select(member => new HospitalPair(member.Name, Measured.Fraction(member.LocalAccuracy), Measured.Fraction(member.FederatedAccuracy)))
                .Where(pair => (pair.Local ?? pair.Federated) is not null),
        ];
        markup.Write($"<figure id=\"hospitals\"><figcaption><b>Figure 2.</b> Accuracy at each hospital: the model from its rows alone, and the federated one.</figcaption>\n");
        if (pairs.Length == 0)
            markup.Write($"<p class=\"missing\">No hospital has a measured accuracy, so there is nothing to draw.</p>\n");
        else
            WriteHospitalChart(markup, pairs, members);
        WriteHospitalRounds(markup, run);
        markup.Write($"</figure>\n");
    }

    private static void WriteHospitalChart(Markup markup, HospitalPair[] pairs, Sample<ReportMember> members)
    {
        int better = pairs.Count(pair => pair is { Local: { } local, Federated: { } federated } && federated > local);
        int compared = pairs.Count(pair => pair is { Local: not null, Federated: not null });
        var chart = new HospitalChart(
            "hospitals-chart", "Accuracy at each hospital",
            $"The federated model is more accurate than the hospital's own at {better} of {Wording.Count(compared, "hospital")} compared.", pairs);
        ChartKey.Write(markup, [(ChartSample.Ring, "local", "Its own rows alone"), (ChartSample.Diamond, "federated", "Federated model")]);
        chart.WriteTo(markup);
        Notes(markup, chart.AxisNote(), members.Note);
        var table = new DataTable(
            "Accuracy at each hospital, on its own test rows", new TableColumn("Hospital"), TableColumn.Number("Training rows"), TableColumn.Number("Test rows"),
            TableColumn.Number("Local-only"), TableColumn.Number("Federated"), TableColumn.Number("AUC, local-only"), TableColumn.Number("AUC, federated"));
        foreach (ReportMember member in members.Shown)
        {
            table.Add(
                member.Name, Wording.Count(member.TrainRows), Wording.Count(member.TestRows), Wording.ExactPercent(member.LocalAccuracy),
                Wording.ExactPercent(member.FederatedAccuracy), Auc(member.LocalAuc), Auc(member.FederatedAuc));
        }
        table.WriteFolded(markup, "Figure 2 as a table");
    }

    private static void WriteHospitalRounds(Markup markup, RunSummary run)
    {
        ReportRound[] rounds = [.. run.Rounds.Shown.Where(round => round.Members.Count > 0)];
        if (rounds.Length == 0)
            return;
        Sample<string> names = Sample<string>.First([.. rounds.SelectMany(round => round.Members).Select(score => score.Member).Distinct()], MostHospitalColumns, "hospitals");
        var table = new DataTable(
            "Accuracy at each hospital after each round", [TableColumn.Number("Round"), .. names.Shown.Select(TableColumn.Number)]);
        foreach (ReportRound round in rounds)
        {
            table.Add(
                [$"{round.Number}", .. names.Shown.Select(name => Wording.ExactPercent(round.Members.FirstOrDefault(score => score.Member == name)?.Accuracy))]);
        }
        table.WriteFolded(markup, "Accuracy at each hospital after each round", names.Note);
    }

    /// <summary>The key of the charts of accuracy.</summary>
    public static void Key(Markup markup, RunSummary run) => ChartKey.Write(markup,
    [
        (ChartSample.LineWithMark, "federated", "Federated model"),
        .. run.References.Select(line => (ChartSample.Line, line.Style, $"{line.Name}, {Wording.Percent(line.Accuracy)}")),
    ]);

    /// <summary>What must be said under a chart.</summary>
    public static void Notes(Markup markup, params string?[] notes)
    {
        string text = string.Join(" ", notes.Where(note => !string.IsNullOrEmpty(note)));
        if (text.Length > 0)
            markup.Write($"<p class=\"note\">{text}</p>\n");
    }

    private static string Auc(double? auc) => Wording.Four(Measured.Fraction(auc));
}
