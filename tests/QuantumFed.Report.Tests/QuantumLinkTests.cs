using System.Xml.Linq;

namespace QuantumFed.Report.Tests;

/// <summary>What the page says of quantum links.</summary>
public sealed class QuantumLinkTests
{
    [Fact]
    public void Every_link_is_a_row_that_says_it_was_simulated()
    {
        RunReport report = SampleReport.Complete();
        string[][] rows = Rows(Section(report)!, "Every quantum link");
        Assert.Equal(report.QuantumLinks.Select(link => link.Member), rows.Select(row => row[0]));
        Assert.All(rows, row => Assert.Equal("SIMULATED", row[1]));
        Assert.Equal(
            ["riverside", "SIMULATED", "allow-pq-only", "22.5", "intercept-resend on every pulse", "2", "3", "26.65\u00A0%", "1", "yes"],
            rows[1]);
        Assert.Equal("none", rows[0][^1]);
        Assert.Contains("SIMULATED. Every link was computed", Section(report)!.Value, StringComparison.Ordinal);
        Assert.Contains("1 link raised an alarm:", Section(report)!.Value, StringComparison.Ordinal);
        Assert.Contains(Section(report)!.Descendants("p"), text => text.Value == "riverside. 3 blocks aborted in a row, the last at a QBER of 26.6 %.");
    }

    [Fact]
    public void A_real_link_is_not_called_simulated_and_a_mixed_run_says_how_many_are()
    {
        RunReport sample = SampleReport.Complete();
        RunReport mixed = sample with { QuantumLinks = [sample.QuantumLinks[0] with { Simulated = false }, sample.QuantumLinks[1]] };
        Assert.Equal(["fibre", "SIMULATED"], Rows(Section(mixed)!, "Every quantum link").Select(row => row[1]));
        Assert.Contains("SIMULATED. 1 of 2 links was computed", Section(mixed)!.Value, StringComparison.Ordinal);
        RunReport real = sample with { QuantumLinks = [mixed.QuantumLinks[0]] };
        Assert.DoesNotContain("SIMULATED", Section(real)!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_round_without_a_key_is_a_row_with_its_transaction()
    {
        RunReport report = SampleReport.Complete();
        string[][] rows = Rows(Section(report)!, "Rounds without a quantum key");
        string downgrade = report.Rounds[1].LinkReports[0].Transaction!, withheld = report.Rounds[4].LinkReports[0].Transaction!;
        Assert.Equal(2, rows.Length);
        Assert.Equal(["riverside", "1", "sealed with ML-KEM only", "alarm on the link", "0", "link alarm: QBER 26.6 %", downgrade], rows[0]);
        Assert.Equal(["lakeside", "4", "sent no update", "key manager not reached", "–", "connection refused", withheld], rows[1]);
        Assert.Contains("2 reports of a hospital without a quantum key: 1 update sealed with ML-KEM only, 1 update not sent.", Section(report)!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_whose_signed_record_is_not_in_the_archive_says_so()
    {
        RunReport sample = SampleReport.Complete(1);
        RunReport report = sample with
        {
            QuantumLinks = [],
            Rounds = [sample.Rounds[0] with { LinkReports = [new ReportLinkReport { Member = "north", Outcome = "downgraded", Transaction = "0x12" }] }],
        };
        string[] row = Assert.Single(Rows(Section(report)!, "Rounds without a quantum key"));
        Assert.Equal(["north", "0", "sealed with ML-KEM only", "no signed report in the archive", "–", "–", "0x12"], row);
        Assert.Contains("does not record the links themselves", Section(report)!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_always_had_keys_say_so()
    {
        RunReport sample = SampleReport.Complete();
        XElement section = Section(sample with { QuantumLinks = [sample.QuantumLinks[0]], Rounds = [sample.Rounds[0]] })!;
        Assert.Contains("No link raised an alarm.", section.Value, StringComparison.Ordinal);
        Assert.Contains("The ledger has no report of a hospital without a quantum key.", section.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_quantum_links_does_not_mention_them()
    {
        RunReport sample = SampleReport.Complete();
        RunReport report = sample with { QuantumLinks = [], Rounds = [.. sample.Rounds.Select(round => round with { LinkReports = [] })] };
        Assert.Null(Section(report));
        Assert.DoesNotContain("quantum-links", ReportPage.Render(report), StringComparison.Ordinal);
        Assert.Contains("href=\"#quantum-links\"", ReportPage.Render(sample), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_are_cut_with_a_sentence_that_says_so()
    {
        RunReport sample = SampleReport.Complete(500);
        RunReport report = sample with
        {
            QuantumLinks = [.. Enumerable.Repeat(sample.QuantumLinks[0], 301)],
            Rounds = [.. sample.Rounds.Select(round => round with { LinkReports = sample.Rounds[1].LinkReports })],
        };
        Assert.Contains("The first 300 of 301 links are shown", Section(report)!.Value, StringComparison.Ordinal);
        Assert.Contains("The first 300 of 500 reports are shown", Section(report)!.Value, StringComparison.Ordinal);
    }

    private static XElement? Section(RunReport report) =>
        XDocument.Parse(ReportPage.Render(report)).Descendants("section").SingleOrDefault(section => (string?)section.Attribute("id") == "quantum-links");

    private static string[][] Rows(XElement section, string caption) =>
    [
        .. section.Descendants("table").Single(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements("tr")
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
    ];
}
