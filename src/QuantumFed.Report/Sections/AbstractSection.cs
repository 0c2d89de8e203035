namespace QuantumFed.Report;

/// <summary>The head of the page: what was trained by whom, the result, the audit, and what is not real.</summary>
internal static class AbstractSection
{
    private const int MostFindings = 200;

    public static void Write(Markup markup, RunSummary run)
    {
        RunReport report = run.Report;
        markup.Write($"<header>\n<p class=\"kicker\">Federated training report{(report.GeneratedAt is { } at ? " · " + Date(at) : "")}</p>\n");
        markup.Write($"<h1>{Headline(run)}</h1>\n");
        foreach (string note in report.Notes.Take(20))
            markup.Write($"<p class=\"notice\">{note}</p>\n");
        markup.Write($"<dl class=\"abstract\">\n");
        // Whoever reads only one line of a run that does not hold must read that it does not.
        bool failed = report.Audit is { } audit && !Holds(audit);
        if (failed)
            WriteAudit(markup, report.Audit);
        Entry(markup, "Trained", Trained(run));
        Entry(markup, "Result", Result(run));
        if (!failed)
            WriteAudit(markup, report.Audit);
        WriteSimulated(markup, run.Simulated);
        markup.Write($"</dl>\n</header>\n");
    }

    /// <summary>Who trained what.</summary>
    public static string Headline(RunSummary run)
    {
        int hospitals = run.Report.Members.Count;
        if (hospitals == 0)
            return "A federated training run";
        string who = Wording.Sentence(Wording.InWords(hospitals, "hospital"));
        return run.Federated is null
            ? $"{who} and a model that was not finished"
            : $"{who} trained one {(run.Report.Model?.Kind == "opaque" ? "model" : run.ModelInWords)}{(hospitals == 1 ? "" : " together")}";
    }

    private static string Trained(RunSummary run)
    {
        RunReport report = run.Report;
        ReportModel? model = report.Model;
        string kind = Wording.Sentence(run.ModelInWords);
        if (model is { HiddenLayers.Count: > 0 })
            kind += $" with {Wording.Count(model.HiddenLayers.Count, "hidden layer")} ({string.Join(", ", model.HiddenLayers.Take(20).Select(units => Wording.Count(units)))} units)";
        if (model?.Parameters is { } parameters)
            kind += $", {Wording.Count(parameters, "parameter")}";
        string rows = report.Members.Count > 0 && report.Members.All(member => member.TrainRows is >= 0)
            ? $", on {Wording.Count(report.Members.Sum(member => (long)member.TrainRows!.Value), "training row")}"
            : "";
        string by = report.Members.Count is > 0 and <= 12 ? $" By {string.Join(", ", report.Members.Select(member => member.Name))}." : "";
        int finished = report.Rounds.Count(round => round.Outcome is null ? round.Purpose.Length > 0 : round.Outcome == "finalised");
        return $"{kind}, by {run.AlgorithmInWords}{rows}. Data set: {report.Dataset}. {Wording.Count(finished)} of {Wording.Count(report.Rounds.Count, "round")} finished.{by}";
    }

    private static string Result(RunSummary run)
    {
        if (run.Federated is not { } federated)
            return "No model was scored.";
        string text = $"The federated model classifies {Wording.Percent(federated)} of the test rows correctly. ";
        text += run.Pooled is { } pooled
            ? $"A model trained on all rows pooled in the clear reaches {Wording.Percent(pooled)}; the federated one is {Wording.Difference(federated - pooled)}. "
            : "No pooled model was trained to compare it with. ";
        text += run.Local is { } local
            ? $"The hospitals' own models reach {Wording.Percent(local)} on average; the federated one is {Wording.Difference(federated - local)}."
            : "No local-only models were trained to compare it with.";
        if (Measured.Fraction(run.Report.MajorityAccuracy) is { } majority)
            text += $" Calling every row the most frequent class is right for {Wording.Percent(majority)}{(federated <= majority ? ", so accuracy says nothing for this model; look at the AUC" : "")}.";
        return text;
    }

    private static bool Holds(ReportAudit audit) => audit.Verified && audit.Findings.Count == 0;

    private static void WriteAudit(Markup markup, ReportAudit? audit)
    {
        if (audit is null)
        {
            Entry(markup, "Audit", "None was made. Nothing on this page has been checked against the ledger.");
            return;
        }
        int findings = audit.Findings.Count;
        bool holds = Holds(audit);
        markup.Write($"<div><dt>Audit</dt><dd class=\"{(holds ? "holds" : "fails")}\">");
        if (holds)
        {
            markup.Write($"<strong>Verified.</strong> {Wording.Count(audit.RoundsVerified, "round")} replayed from the public archive and the ledger; nothing differs.");
        }
        else
        {
            markup.Write($"<strong>Not verified.</strong> {Wording.Count(audit.RoundsVerified, "round")} held; {Wording.Count(findings, "finding")}{(findings == 0 ? ", so the reason is not recorded." : ":")}");
            if (findings > 0)
            {
                markup.Write($"<ul>");
                foreach (string finding in audit.Findings.Take(MostFindings))
                    markup.Write($"<li>{finding}</li>");
                markup.Write($"</ul>");
            }
            if (findings > MostFindings)
                markup.Write($"<p>The first {MostFindings} are shown; report.json has all.</p>");
        }
        if (audit.Command is { Length: > 0 } command)
            WriteCommand(markup, command);
        markup.Write($"</dd></div>\n");
    }

    // Word by word: a browser breaks a line after a hyphen, and an option torn in two is not copied right from paper.
    private static void WriteCommand(Markup markup, string command)
    {
        string[] words = command.Length <= Markup.MostCharacters ? command.Split(' ') : [command];
        markup.Write($" Repeat it with <code>");
        for (int i = 0; i < words.Length; i++)
            markup.Write($"{(i > 0 ? " " : "")}<span class=\"word\">{words[i]}</span>");
        markup.Write($"</code>.");
    }

    private static void WriteSimulated(Markup markup, IReadOnlyList<ReportSimulation>? parts)
    {
        const string Name = "Simulated";
        if (parts is null)
        {
            Entry(markup, Name, "Nobody recorded whether parts of this run were simulated.");
            return;
        }
        if (parts.Count == 0)
        {
            Entry(markup, Name, "No part of this run is recorded as simulated or for development only.");
            return;
        }
        markup.Write($"<div><dt>{Name}</dt><dd><ul>");
        foreach (ReportSimulation part in parts.Take(40))
            markup.Write($"<li><strong>{part.Part}.</strong> {part.Note}</li>");
        markup.Write($"</ul></dd></div>\n");
    }

    private static void Entry(Markup markup, string name, string text) => markup.Write($"<div><dt>{name}</dt><dd>{text}</dd></div>\n");

    private static string Date(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
