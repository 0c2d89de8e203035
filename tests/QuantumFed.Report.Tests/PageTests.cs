using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace QuantumFed.Report.Tests;

/// <summary>Laws of the page that need no browser.</summary>
public sealed partial class PageTests
{
    private const int MostBytes = 3_000_000;

    private static readonly string[] Figures = ["accuracy", "hospitals", "elapsed", "phases", "bytes"];

    private static readonly IReadOnlyDictionary<string, RunReport> Reports = new Dictionary<string, RunReport>
    {
        ["complete"] = SampleReport.Complete(),
        ["bare"] = SampleReport.Bare(),
        ["one round"] = SampleReport.Complete(1),
        ["a thousand rounds"] = SampleReport.Complete(1000),
        ["hostile texts"] = HostileReport.Everywhere(),
        ["not a number"] = HostileReport.WithFigures(double.NaN),
        ["infinite"] = HostileReport.WithFigures(double.PositiveInfinity),
        ["huge"] = HostileReport.WithFigures(double.MaxValue),
        ["negative"] = HostileReport.WithFigures(-1),
        ["zero"] = HostileReport.WithFigures(0),
        ["one"] = HostileReport.WithFigures(1),
        ["tiny"] = HostileReport.WithFigures(double.Epsilon),
        ["many hospitals"] = ManyHospitals(),
    };

    public static TheoryData<string> Names => [.. Reports.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_is_well_formed(string name)
    {
        XDocument page = Parse(name);
        Assert.Equal("html", page.Root!.Name);
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_number_on_the_page_is_infinite_or_none(string name) =>
        Assert.DoesNotMatch(@"NaN|∞|Infinity", string.Concat(Parse(name).Descendants("svg").Select(svg => svg.ToString())));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_is_small(string name) => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(ReportPage.Render(Reports[name])), 1000, MostBytes);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_runs_nothing_and_loads_nothing(string name)
    {
        XDocument page = Parse(name);
        string[] forbidden = ["script", "img", "image", "iframe", "object", "embed", "form", "base", "audio", "video", "use", "foreignObject"];
        Assert.DoesNotContain(page.Descendants(), element => forbidden.Contains(element.Name.LocalName));
        Assert.All(page.Descendants().Attributes(), attribute =>
        {
            string key = attribute.Name.LocalName;
            Assert.False(key.StartsWith("on", StringComparison.OrdinalIgnoreCase) || key is "src" or "srcset" or "style" or "action", key);
            Assert.True(key != "href" || attribute.Value == "data:," || attribute.Value.StartsWith('#'), attribute.Value);
        });
        string style = Assert.Single(page.Descendants("style")).Value;
        Assert.All(Url().Matches(style), url => Assert.StartsWith("url(#", url.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        string policy = page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;", policy, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_is_a_chart_with_a_table_or_a_sentence(string name)
    {
        XDocument page = Parse(name);
        foreach (string figure in Figures)
        {
            XElement element = page.Descendants("figure").Single(f => (string?)f.Attribute("id") == figure);
            XElement? chart = element.Elements("svg").SingleOrDefault();
            if (chart is null)
            {
                Assert.NotEmpty(element.Elements("p").Single(p => (string?)p.Attribute("class") == "missing").Value);
                continue;
            }
            Assert.Equal("img", chart.Attribute("role")!.Value);
            Assert.Equal($"{figure}-chart-title {figure}-chart-desc", chart.Attribute("aria-labelledby")!.Value);
            Assert.NotEmpty(chart.Element("title")!.Value);
            Assert.NotEmpty(chart.Element("desc")!.Value);
            Assert.NotEmpty(Table(element).Elements("tbody").Elements("tr"));
        }
    }

    [Fact]
    public void A_complete_report_has_every_chart() => Assert.Equal(Figures.Length, Charts("complete").Length);

    [Fact]
    public void A_bare_report_has_no_chart() => Assert.Empty(Charts("bare"));

    [Theory]
    [InlineData("complete")]
    [InlineData("one round")]
    [InlineData("many hospitals")]
    public void Every_figure_of_a_chart_is_in_its_table(string name)
    {
        XDocument page = Parse(name);
        foreach (XElement figure in page.Descendants("figure"))
        {
            HashSet<string> cells = [.. Table(figure).Descendants().Where(cell => cell.Name.LocalName is "td" or "th").Select(cell => cell.Value)];
            string[] marks = [.. figure.Element("svg")!.Elements().Where(mark => mark.Name != "title").Elements("title").Select(title => title.Value)];
            Assert.NotEmpty(marks);
            Assert.All(marks, mark => Assert.Contains(Figure().Match(mark).Value, cells));
        }
    }

    [Fact]
    public void A_dot_lies_higher_the_higher_the_accuracy()
    {
        RunReport report = SampleReport.Complete();
        double[] heights = [.. Charts("complete")[0].Elements("circle").Select(dot => double.Parse(dot.Attribute("cy")!.Value, CultureInfo.InvariantCulture))];
        ReportRound[] trained = [.. report.Rounds.Skip(1)];
        Assert.Equal(trained.Length, heights.Length);
        int[] byAccuracy = [.. Enumerable.Range(0, heights.Length).OrderBy(i => trained[i].Accuracy)];
        Assert.Equal(heights.OrderDescending(), byAccuracy.Select(i => heights[i]));
    }

    [Theory]
    [InlineData(0.6312, false)]
    [InlineData(0.8876, true)]
    public void What_no_model_at_all_would_reach_stands_beside_the_accuracies(double majority, bool better)
    {
        XDocument page = XDocument.Parse(ReportPage.Render(SampleReport.Complete() with { MajorityAccuracy = majority }));
        string header = page.Descendants("header").Single().Value;
        Assert.Contains($"Calling every row the most frequent class is right for {majority * 100:F1}\u00A0%", header, StringComparison.Ordinal);
        Assert.Equal(better, header.Contains("accuracy says nothing", StringComparison.Ordinal));
        Assert.Contains(page.Descendants("tr"), row => row.Value == $"No model: every row the most frequent class{majority * 100:F2}\u00A0%0.5000–");
        Assert.DoesNotContain("most frequent class", ReportPage.Render(SampleReport.Complete() with { MajorityAccuracy = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_trained_yet_does_not_flatten_the_chart()
    {
        // Of rare labels the zero model, which calls every row 1, is wrong nearly always.
        RunReport sample = SampleReport.Complete();
        RunReport report = sample with { Rounds = [sample.Rounds[0] with { Accuracy = 0.1124 }, .. sample.Rounds.Skip(1)] };
        XDocument page = XDocument.Parse(ReportPage.Render(report));
        foreach (string id in (string[])["accuracy", "elapsed"])
        {
            XElement figure = page.Descendants("figure").Single(f => (string?)f.Attribute("id") == id);
            string[] labels = [.. figure.Element("svg")!.Elements("text").Select(text => text.Value)];
            Assert.DoesNotContain("20\u00A0%", labels);
            Assert.DoesNotContain(figure.Element("svg")!.Descendants("title"), title => title.Value.Contains("11.24", StringComparison.Ordinal));
            Assert.Contains("Not drawn: round 0, the joint standardisation, whose untrained model has 11.24\u00A0%.", figure.Value, StringComparison.Ordinal);
            Assert.Contains(Table(figure).Descendants("td"), cell => cell.Value == "11.24\u00A0%");
        }
    }

    [Fact]
    public void A_run_that_ended_with_its_standardisation_shows_that_round()
    {
        XDocument page = XDocument.Parse(ReportPage.Render(SampleReport.Complete(1)));
        Assert.Single(page.Descendants("figure").Single(f => (string?)f.Attribute("id") == "accuracy").Element("svg")!.Elements("circle"));
        Assert.DoesNotContain("Not drawn", page.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_lines_stand_for_the_pooled_and_the_local_models()
    {
        string[] lines = [.. Charts("complete")[0].Elements("line").Elements("title").Select(title => title.Value)];
        Assert.Equal(["Pooled model: 77.13\u00A0%", "Local-only models, mean: 74.29\u00A0%"], lines);
    }

    [Fact]
    public void An_axis_that_does_not_start_at_zero_says_so()
    {
        Assert.Contains("The accuracy axis starts at 60\u00A0%, not at 0.", ReportPage.Render(Reports["complete"]), StringComparison.Ordinal);
        Assert.DoesNotContain("not at 0.", ReportPage.Render(HostileReport.WithFigures(0)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_has_a_caption_and_scoped_headers()
    {
        Assert.All(Parse("complete").Descendants("table"), table =>
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            Assert.All(table.Descendants("th"), header => Assert.NotNull(header.Attribute("scope")));
            int columns = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        });
    }

    [Fact]
    public void What_is_left_out_is_said()
    {
        string page = ReportPage.Render(Reports["a thousand rounds"]);
        Assert.Contains("120 of 1,000 rounds are shown, evenly spread", page, StringComparison.Ordinal);
        Assert.Contains("The first and the last 500 of 6,000 records are shown", page, StringComparison.Ordinal);
        Assert.DoesNotContain("are shown", ReportPage.Render(Reports["complete"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_text_stays_the_text_it_is()
    {
        string heading = Parse("hostile texts").Descendants("p").First(p => (string?)p.Attribute("class") == "notice").Value;
        Assert.StartsWith("<script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]></style>-->", heading, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", ReportPage.Render(Reports["hostile texts"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_is_told_in_full_at_the_top()
    {
        const string Finding = "round 3: the model is not the one on the ledger";
        RunReport report = SampleReport.Complete() with { Audit = new ReportAudit { RoundsVerified = 3, Verified = false, Findings = [Finding] } };
        string header = XDocument.Parse(ReportPage.Render(report)).Descendants("header").Single().Value;
        Assert.Contains("Not verified.", header, StringComparison.Ordinal);
        Assert.Contains(Finding, header, StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_that_failed_is_told_first()
    {
        Assert.Equal("Audit", FirstEntry(SampleReport.Complete() with { Audit = new ReportAudit { RoundsVerified = 0, Verified = false } }));
        Assert.Equal("Trained", FirstEntry(SampleReport.Complete()));

        static string FirstEntry(RunReport report) => XDocument.Parse(ReportPage.Render(report)).Descendants("dt").First().Value;
    }

    [Fact]
    public void An_audit_with_findings_is_never_shown_as_verified()
    {
        RunReport report = SampleReport.Complete() with { Audit = new ReportAudit { RoundsVerified = 3, Verified = true, Findings = ["archive: a block is missing"] } };
        Assert.Contains("Not verified.", ReportPage.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_an_audit_says_that_nothing_is_checked() =>
        Assert.Contains("Nothing on this page has been checked", ReportPage.Render(SampleReport.Bare()), StringComparison.Ordinal);

    [Fact]
    public void Generated_data_and_a_development_chain_are_named_unasked()
    {
        RunReport report = SampleReport.Complete() with { Synthetic = true, Simulated = null };
        string header = XDocument.Parse(ReportPage.Render(report)).Descendants("header").Single().Value;
        Assert.Contains("They describe no patient.", header, StringComparison.Ordinal);
        Assert.Contains("Its operator could have rewritten it.", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_record_and_its_hash_is_on_the_page()
    {
        RunReport report = SampleReport.Complete();
        string page = ReportPage.Render(report);
        Assert.All(report.Ledger!.Records, record => Assert.Contains(record.Transaction, page, StringComparison.Ordinal));
        Assert.All(report.Rounds, round => Assert.Contains(round.ModelHash!, page, StringComparison.Ordinal));
        Assert.All(report.Links, link => Assert.Contains($">{link.From}<", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Rendering_twice_gives_the_same_page_in_any_culture()
    {
        string page = ReportPage.Render(SampleReport.Complete());
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "minus";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(page, ReportPage.Render(SampleReport.Complete()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static XDocument Parse(string name)
    {
        using var reader = XmlReader.Create(new StringReader(ReportPage.Render(Reports[name])), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static XElement[] Charts(string name) => [.. Parse(name).Descendants("svg").Where(svg => (string?)svg.Attribute("class") == "chart")];

    private static XElement Table(XElement figure) => figure.Elements("details").First().Descendants("table").Single();

    private static RunReport ManyHospitals()
    {
        RunReport sample = SampleReport.Complete();
        return sample with { Members = [.. Enumerable.Range(0, 500).Select(i => sample.Members[i % 4] with { Name = $"a hospital with a very long name, number {i}" })] };
    }

    [GeneratedRegex(@"url\([^)]*\)")]
    private static partial Regex Url();

    // The number at the end of a mark's title, with its per cent sign if it has one.
    [GeneratedRegex(@"[\d,.]+(\u00A0%)?(?=( s| bytes)?$)")]
    private static partial Regex Figure();
}
