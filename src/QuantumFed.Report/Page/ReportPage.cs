namespace QuantumFed.Report;

/// <summary>report.html: one file that needs nothing else, made from a <see cref="RunReport"/>.</summary>
public static class ReportPage
{
    // Nothing is loaded and nothing is run, whatever a name in the report contains.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>
    /// Renders the page: HTML that is well-formed XML too, without scripts and without references to other files. Texts of the report are escaped and cut at
    /// 600 characters; long lists are thinned or cut with a sentence that says so.
    /// </summary>
    public static string Render(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var run = new RunSummary(report);
        var markup = new Markup();
        markup.Write($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\"/>\n");
        markup.Write($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><meta name=\"color-scheme\" content=\"light dark\"/>\n");
        markup.Write($"<meta name=\"referrer\" content=\"no-referrer\"/><link rel=\"icon\" href=\"data:,\"/>\n");
        markup.Write($"<title>{AbstractSection.Headline(run)}</title>\n<style>\n");
        markup.Literal(PageStyle.Css);
        markup.Write($"</style></head>\n<body>\n");
        ChartPatterns.Write(markup);
        markup.Write($"<main>\n");
        AbstractSection.Write(markup, run);
        WriteContents(markup, report);
        ResultSection.Write(markup, run);
        CostSection.Write(markup, run);
        VisibilitySection.Write(markup, run);
        QuantumLinkSection.Write(markup, report);
        RoundSection.Write(markup, run);
        LedgerSection.Write(markup, report);
        MethodSection.Write(markup, run);
        markup.Write($"<footer><p>Made by {report.Program ?? "QuantumFed"} from report.json, version {report.Version}, which has every figure unrounded.</p></footer>\n");
        markup.Write($"</main>\n</body></html>\n");
        return markup.ToString();
    }

    private static void WriteContents(Markup markup, RunReport report)
    {
        markup.Write($"<nav aria-label=\"Contents\"><ul><li><a href=\"#result\">Result</a></li><li><a href=\"#cost\">Time and bytes</a></li>");
        markup.Write($"<li><a href=\"#visibility\">Who could see what</a></li><li><a href=\"#links\">Links</a></li>");
        if (QuantumLinkSection.IsIn(report))
            markup.Write($"<li><a href=\"#quantum-links\">Quantum links</a></li>");
        markup.Write($"<li><a href=\"#rounds\">Rounds</a></li><li><a href=\"#ledger\">Ledger</a></li><li><a href=\"#method\">Method</a></li></ul></nav>\n");
    }
}
