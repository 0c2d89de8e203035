namespace QuantumFed.Report;

/// <summary>Every round: its step, its end, who took part, who was left out and why, and its model.</summary>
internal static class RoundSection
{
    private const int MostNames = 12;

    public static void Write(Markup markup, RunSummary run)
    {
        markup.Write($"<section id=\"rounds\"><h2>Rounds</h2><div>\n");
        if (run.Report.Rounds.Count == 0)
        {
            markup.Write($"<p class=\"missing\">There is no round on the ledger.</p></div></section>\n");
            return;
        }
        var table = new DataTable(
            "Every round on the ledger", TableColumn.Number("Round"), new TableColumn("Step"), new TableColumn("End"), TableColumn.Wide("In the sum"),
            TableColumn.Wide("Left out"), TableColumn.Code("Model after it (SHA-256)"));
        foreach (ReportRound round in run.Rounds.Shown)
        {
            table.Add(
                $"{round.Number}", Step(round), round.Outcome ?? Wording.Missing, Names(round.Participants),
                Names([.. round.Exclusions.Select(exclusion => $"{exclusion.Member} ({exclusion.Reason})")]), Hash(round.ModelHash));
        }
        int exclusions = run.Report.Rounds.Sum(round => round.Exclusions.Count);
        markup.Write($"<p>{Wording.Count(run.Report.Rounds.Count, "round")} on the ledger; {(exclusions == 0 ? "no update was left out of a sum" : Wording.Count(exclusions, "update") + " left out of a sum, with the reasons in the table")}.</p>\n");
        table.WriteFolded(markup, "All rounds, with participants and model digests", run.Rounds.Note);
        markup.Write($"</div></section>\n");
    }

    /// <summary>What a round was for, in words.</summary>
    public static string Step(ReportRound round) => round.Purpose switch
    {
        "" => "not finalised",
        "Moments" => "joint standardisation",
        "NewtonStep" => "Newton step",
        "WeightedAverage" => "weighted average",
        _ => round.Purpose,
    };

    private static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        0 => Wording.Missing,
        <= MostNames => string.Join(", ", names),
        _ => $"{string.Join(", ", names.Take(MostNames - 1))} and {Wording.Count(names.Count - MostNames + 1)} more",
    };

    private static string Hash(string? hash) => hash is null || hash.All(digit => digit == '0') ? Wording.Missing : hash;
}
