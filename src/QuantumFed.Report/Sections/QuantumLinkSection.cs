namespace QuantumFed.Report;

/// <summary>The hospitals' quantum links, their alarms, and the rounds in which one gave no key. Nothing where there are none.</summary>
internal static class QuantumLinkSection
{
    private const int MostLinks = 300;
    private const int MostReports = 300;
    private const string SimulatedMark = "SIMULATED";

    /// <summary>Whether the report has anything for this section.</summary>
    public static bool IsIn(RunReport report) => report.QuantumLinks.Count > 0 || report.Rounds.Any(round => round.LinkReports.Count > 0);

    /// <summary>Writes the section, if there is one.</summary>
    public static void Write(Markup markup, RunReport report)
    {
        if (!IsIn(report))
            return;
        markup.Write($"<section id=\"quantum-links\"><h2>Quantum links</h2><div>\n");
        WriteLinks(markup, report.QuantumLinks);
        WriteReports(markup, [.. report.Rounds.OrderBy(round => round.Number).SelectMany(round => round.LinkReports.Select(said => (round.Number, said)))]);
        markup.Write($"</div></section>\n");
    }

    private static void WriteLinks(Markup markup, IReadOnlyList<ReportQuantumLink> all)
    {
        if (all.Count == 0)
        {
            markup.Write($"<p class=\"missing\">The report does not record the links themselves.</p>\n");
            return;
        }
        int simulated = all.Count(link => link.Simulated);
        if (simulated > 0)
            markup.Write($"<p class=\"notice\"><strong>{SimulatedMark}.</strong> {(simulated == all.Count ? "Every link was" : $"{Wording.Count(simulated)} of {Wording.Count(all.Count, "link")} {(simulated == 1 ? "was" : "were")}")} computed by a model of the optics. No photon was sent, and the keys are as secret as the machine that computed them.</p>\n");
        WriteAlarms(markup, [.. all.Where(link => link.Alarm is not null)]);
        Sample<ReportQuantumLink> links = Sample<ReportQuantumLink>.First(all, MostLinks, "links");
        var table = new DataTable(
            "Every quantum link", new TableColumn("Hospital"), new TableColumn("Channel"), new TableColumn("Without a key"), TableColumn.Number("Fibre, km"),
            new TableColumn("Eavesdropper"), TableColumn.Number("Blocks with keys"), TableColumn.Number("Blocks given up"), TableColumn.Number("QBER"),
            TableColumn.Number("Keys used"), new TableColumn("Alarm"))
        {
            StacksWhenNarrow = true,
        };
        foreach (ReportQuantumLink link in links.Shown)
        {
            table.Add(
                link.Member, link.Simulated ? SimulatedMark : "fibre", link.Policy ?? Wording.Missing,
                Measured.Amount(link.DistanceKm) is { } km ? Wording.Plain(km) : Wording.Missing, link.Eavesdropper ?? "none",
                Wording.Count(link.BlocksDelivered), Wording.Count(link.BlocksAborted), Wording.ExactPercent(link.Qber), Wording.Count(link.KeysUsed),
                link.Alarm is null ? "none" : "yes");
        }
        table.WriteTo(markup);
        ResultSection.Notes(markup, links.Note);
    }

    private static void WriteAlarms(Markup markup, IReadOnlyList<ReportQuantumLink> alarmed)
    {
        if (alarmed.Count == 0)
        {
            markup.Write($"<p>No link raised an alarm.</p>\n");
            return;
        }
        Sample<ReportQuantumLink> shown = Sample<ReportQuantumLink>.First(alarmed, MostLinks, "alarms");
        markup.Write($"<p>{Wording.Count(alarmed.Count, "link")} raised an alarm:</p>\n");
        foreach (ReportQuantumLink link in shown.Shown)
            markup.Write($"<p><strong>{link.Member}.</strong> {link.Alarm!}</p>\n");
        ResultSection.Notes(markup, shown.Note);
    }

    private static void WriteReports(Markup markup, IReadOnlyList<(ulong Round, ReportLinkReport Said)> all)
    {
        if (all.Count == 0)
        {
            markup.Write($"<p>The ledger has no report of a hospital without a quantum key.</p>\n");
            return;
        }
        int downgraded = all.Count(report => report.Said.Outcome == "downgraded");
        int withheld = all.Count(report => report.Said.Outcome == "withheld");
        markup.Write($"<p>The ledger has {Wording.Count(all.Count, "report")} of a hospital without a quantum key: {Wording.Count(downgraded, "update")} sealed with ML-KEM only, {Wording.Count(withheld, "update")} not sent.</p>\n");
        Sample<(ulong Round, ReportLinkReport Said)> reports = Sample<(ulong Round, ReportLinkReport Said)>.First(all, MostReports, "reports");
        var table = new DataTable(
            "Rounds without a quantum key", new TableColumn("Hospital"), TableColumn.Number("Round"), new TableColumn("What it did"), new TableColumn("Why"),
            TableColumn.Number("Stored keys"), TableColumn.Wide("What the key manager said"), TableColumn.Code("Transaction"))
        {
            StacksWhenNarrow = true,
        };
        foreach ((ulong round, ReportLinkReport said) in reports.Shown)
        {
            table.Add(
                said.Member, $"{round}", Outcome(said.Outcome), Failure(said.Failure), Wording.Count(said.StoredKeys),
                said.Detail is { Length: > 0 } detail ? detail : Wording.Missing, said.Transaction ?? Wording.Missing);
        }
        table.WriteTo(markup);
        ResultSection.Notes(markup, reports.Note);
    }

    private static string Outcome(string outcome) => outcome switch
    {
        "withheld" => "sent no update",
        "downgraded" => "sealed with ML-KEM only",
        _ => outcome,
    };

    private static string Failure(string? failure) => failure switch
    {
        null => "no signed report in the archive",
        "NoneAvailable" => "no key left",
        "LinkAlarm" => "alarm on the link",
        "UnknownKey" => "key unknown to the key manager",
        "NotGranted" => "key not granted",
        "Unreachable" => "key manager not reached",
        "Refused" => "refused by the key manager",
        _ => failure,
    };
}
