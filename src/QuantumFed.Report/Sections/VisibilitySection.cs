namespace QuantumFed.Report;

/// <summary>What each party could see, and the suite of every link.</summary>
internal static class VisibilitySection
{
    private const int MostLinks = 300;

    public static void Write(Markup markup, RunSummary run)
    {
        WriteParties(markup, run.Report.Visibility);
        WriteLinks(markup, run.Report);
    }

    private static void WriteParties(Markup markup, IReadOnlyList<ReportVisibility> parties)
    {
        markup.Write($"<section id=\"visibility\"><h2>Who could see what</h2><div>\n");
        if (parties.Count == 0)
            markup.Write($"<p class=\"missing\">The report does not record what each party could see.</p>\n");
        foreach (ReportVisibility party in parties.Take(60))
        {
            markup.Write($"<div class=\"party\"><h3>{party.Party}</h3><div class=\"sides\">\n");
            WriteSide(markup, "Sees", "sees", party.Sees);
            WriteSide(markup, "Does not see", "unseen", party.DoesNotSee);
            markup.Write($"</div></div>\n");
        }
        markup.Write($"</div></section>\n");
    }

    private static void WriteSide(Markup markup, string name, string style, IReadOnlyList<string> texts)
    {
        markup.Write($"<div class=\"{style}\"><h4>{name}</h4><ul>");
        foreach (string text in texts.Take(40))
            markup.Write($"<li>{text}</li>");
        if (texts.Count == 0)
            markup.Write($"<li>{Wording.Missing}</li>");
        markup.Write($"</ul></div>\n");
    }

    private static void WriteLinks(Markup markup, RunReport report)
    {
        markup.Write($"<section id=\"links\"><h2>Links</h2><div>\n");
        if (report.Channel is { } channel)
            markup.Write($"<p>The coordinator's check of its own TLS measured {channel.TlsVersion ?? "no version"}, {channel.Group ?? "no group"}, {channel.Signature ?? "no signature"}.</p>\n");
        if (report.Links.Count == 0)
        {
            markup.Write($"<p class=\"missing\">The report does not record the links.</p></div></section>\n");
            return;
        }
        Sample<ReportLink> links = Sample<ReportLink>.First(report.Links, MostLinks, "links");
        var table = new DataTable(
            "The suite of every link", new TableColumn("From"), new TableColumn("To"), new TableColumn("Protocol"), new TableColumn("Key exchange"),
            new TableColumn("Signature"), TableColumn.Parts("Cipher"), TableColumn.Wide("Note"))
        {
            StacksWhenNarrow = true,
        };
        foreach (ReportLink link in links.Shown)
            table.Add(link.From, link.To, Known(link.Protocol), Known(link.Group), Known(link.Signature), Known(link.Cipher), link.Note ?? "");
        table.WriteTo(markup);
        ResultSection.Notes(markup, links.Note);
        markup.Write($"</div></section>\n");
    }

    private static string Known(string? text) => text ?? Wording.Missing;
}
