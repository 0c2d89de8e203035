using System.Text;
using System.Text.Json.Nodes;

namespace QuantumFed.Report.Tests;

/// <summary>report.json: written and read.</summary>
public sealed class RunReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-report-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "report.json");

    [Fact]
    public void What_was_written_is_read()
    {
        SampleReport.Complete().Write(Path);
        byte[] written = System.IO.File.ReadAllBytes(Path);
        Assert.True(RunReport.TryRead(Path, out RunReport? report, out string problem), problem);
        report.Write(Path);
        Assert.Equal(written, System.IO.File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    // Golden: a change of this file is a change of the format. Within a version fields are only added, and may be missing; anything else needs a new version.
    [Fact]
    public void The_format_is_the_golden_file()
    {
        SampleReport.Complete(2).Write(Path);
        Assert.Equal(System.IO.File.ReadAllText(SampleReport.File("report-v2.json")).TrimEnd(), System.IO.File.ReadAllText(Path));
    }

    [Fact]
    public void A_file_of_version_1_is_read_and_lacks_what_came_later()
    {
        Assert.True(RunReport.TryRead(SampleReport.File("report-v1.json"), out RunReport? report, out string problem), problem);
        Assert.Equal(RunReport.CurrentVersion, report.Version);
        Assert.Equal("synthetic", report.Dataset);
        Assert.Equal("logistic", report.Model!.Kind);
        Assert.Equal(0.7713, report.Rounds[1].Accuracy);
        Assert.Equal(20260UL, report.Ledger!.ChainId);
        Assert.True(report.Audit!.Verified);
        Assert.Null(report.Simulated);
        Assert.Null(report.Rounds[1].ElapsedSeconds);
        Assert.Empty(report.Links);
        Assert.Empty(report.QuantumLinks);
        string page = ReportPage.Render(report);
        Assert.Contains("id=\"accuracy-chart\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"phases-chart\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"bytes-chart\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"elapsed-chart\"", page, StringComparison.Ordinal);
        Assert.Contains(report.Rounds[1].Transactions[0], page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_of_version_1_keeps_its_name()
    {
        SampleReport.Complete(2).Write(Path);
        JsonNode current = JsonNode.Parse(System.IO.File.ReadAllText(Path))!;
        JsonNode first = JsonNode.Parse(System.IO.File.ReadAllText(SampleReport.File("report-v1.json")))!;
        Assert.Empty(Names(first).Except(Names(current)));
    }

    [Fact]
    public void A_file_of_version_2_from_before_there_were_quantum_links_is_read_and_has_none()
    {
        SampleReport.Complete(2).Write(Path);
        JsonObject file = JsonNode.Parse(System.IO.File.ReadAllText(Path))!.AsObject();
        Assert.True(file.Remove("quantumLinks"));
        Assert.All(file["rounds"]!.AsArray(), round => Assert.True(round!.AsObject().Remove("linkReports")));
        Assert.True(RunReport.TryParse(Encoding.UTF8.GetBytes(file.ToJsonString()), out RunReport? report, out string problem), problem);
        Assert.Empty(report.QuantumLinks);
        Assert.All(report.Rounds, round => Assert.Empty(round.LinkReports));
        Assert.DoesNotContain("quantum-links", ReportPage.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_is_not_finite_is_written_as_null()
    {
        HostileReport.WithFigures(double.NaN).Write(Path);
        Assert.True(RunReport.TryRead(Path, out RunReport? report, out string problem), problem);
        Assert.Null(report.Pooled!.Accuracy);
        Assert.Null(report.Rounds[0].Phases[0].Seconds);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "null")]
    [InlineData("[]", "not the JSON of a report")]
    [InlineData("{}", "version 0")]
    [InlineData("""{"version": 3}""", "version 3; this program reads the versions 1 to 2")]
    [InlineData("""{"version": "2"}""", "$.version")]
    [InlineData("""{"version": 2}""", "not the JSON of a report")]
    [InlineData("""{"version": 2, "dataset": null, "synthetic": true, "algorithm": "newton"}""", "$.dataset")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "rounds": null}""", "$.rounds")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "rounds": [null]}""", "holds null")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "visibility": [{"party": "p", "sees": [null], "doesNotSee": []}]}""", "holds null")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "wallSeconds": 1e999}""", "$.wallSeconds")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "rounds": [{"round": -1}]}""", "$.rounds[0].round")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "members": [{}]}""", "$.members[0]")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "quantumLinks": [{"member": "m"}]}""", "$.quantumLinks[0]")]
    [InlineData("""{"version": 2, "dataset": "a", "synthetic": true, "algorithm": "newton", "rounds": [{"round": 1, "linkReports": [{"member": "m"}]}]}""", "linkReports[0]")]
    public void What_is_no_report_is_refused_with_a_reason(string json, string reason)
    {
        Assert.False(RunReport.TryParse(Encoding.UTF8.GetBytes(json), out RunReport? report, out string problem));
        Assert.Null(report);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_never_throws()
    {
        SampleReport.Complete(1).Write(Path);
        byte[] whole = System.IO.File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length += 97)
            Assert.False(RunReport.TryParse(whole.AsSpan(0, length), out _, out _));
        for (int at = 0; at < whole.Length; at += 53)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x15;
            if (RunReport.TryParse(damaged, out RunReport? report, out _))
                Assert.NotEmpty(ReportPage.Render(report));
        }
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_with_a_reason()
    {
        Assert.False(RunReport.TryRead(Path, out _, out string missing));
        Assert.Contains(Path, missing, StringComparison.Ordinal);
        Assert.False(RunReport.TryRead(_folder, out _, out string folder));
        Assert.Contains(_folder, folder, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        SampleReport.Bare().Write(Path);
        byte[] old = System.IO.File.ReadAllBytes(Path);
        string taken = System.IO.Path.Combine(_folder, "folder");
        Directory.CreateDirectory(System.IO.Path.Combine(taken, "inside"));
        Assert.ThrowsAny<Exception>(() => SampleReport.Complete().Write(taken));
        Assert.Equal(old, System.IO.File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static HashSet<string> Names(JsonNode? node, string path = "") => node switch
    {
        JsonObject fields => [.. fields.SelectMany(field => (string[])[$"{path}.{field.Key}", .. Names(field.Value, $"{path}.{field.Key}")])],
        JsonArray list => [.. list.SelectMany(element => Names(element, path + "[]"))],
        _ => [],
    };
}
