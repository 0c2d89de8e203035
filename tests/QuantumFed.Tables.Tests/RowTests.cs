using System.Globalization;

namespace QuantumFed.Tables.Tests;

public sealed class RowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_group_is_on_both_sides_or_at_two_dealt_sites(long seed)
    {
        using TableFile file = new(TableFile.Patients(400));
        foreach (string? site in (string?[])[null, "hospital"])
        {
            RowSelection rows = Decide(file, new RowRules("outcome", null, site, "patient", 5, seed));
            for (int i = 0; i < rows.IsTest.Length; i += 2)
            {
                Assert.Equal(rows.IsTest[i], rows.IsTest[i + 1]);
                if (site is null) Assert.Equal(rows.SiteOfRecord[i], rows.SiteOfRecord[i + 1]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sites_partition_the_rows_and_each_class_is_split_within_one_row(long seed)
    {
        using TableFile file = new(TableFile.Patients(501));
        foreach (string? site in (string?[])[null, "hospital"])
        {
            RowSelection rows = Decide(file, new RowRules("outcome", null, site, null, 4, seed));
            Assert.All(rows.SiteOfRecord, s => Assert.InRange(s, 0, rows.Sites.Count - 1));
            for (int s = 0; s < rows.Sites.Count; s++)
            {
                for (byte label = 0; label < 2; label++)
                {
                    int[] of = [.. Enumerable.Range(0, 501).Where(i => rows.SiteOfRecord[i] == s && rows.LabelOfRecord[i] == label)];
                    Assert.InRange(of.Count(i => rows.IsTest[i]) - 0.3 * of.Length, -1, 1);
                    if (site is null) Assert.InRange(of.Length - rows.LabelOfRecord.Count(l => l == label) / 4.0, -1, 1);
                }
            }
        }
    }

    [Fact]
    public void Rows_without_a_label_or_with_too_many_fields_are_left_out_and_named()
    {
        using TableFile file = new(TableFile.Patients() + "50,m,Eyes,2024-01-01,p,x,\n50,m,Eyes,2024-01-01,p,x,?\n50,m,Eyes,2024-01-01,p,x,yes,more\n");
        PreparedTable table = file.Prepare();
        Assert.Contains(table.Notes, n => n == "2 rows left out without a label: lines 242, 243.");
        Assert.Contains(table.Notes, n => n.StartsWith("1 row left out", StringComparison.Ordinal) && n.EndsWith("line 244.", StringComparison.Ordinal));
        Assert.Equal(240, table.Cohorts.Sum(c => c.Train.RowCount + c.Test.RowCount));
    }

    [Fact]
    public void Rows_of_sites_too_small_for_a_hospital_are_left_out_and_named()
    {
        using TableFile file = new(TableFile.Patients() + "50,m,Eyes,2024-01-01,p,Cottage,yes\n50,m,Eyes,2024-01-01,p,Hut,no\n");
        PreparedTable table = TableSource.Prepare(file.Options() with { SiteColumn = "hospital" });
        Assert.Contains("2 rows left out, of sites with fewer than 20 rows: lines 242, 243.", table.Notes);
        Assert.Equal(240, table.Cohorts.Sum(c => c.Train.RowCount + c.Test.RowCount));
    }

    [Fact]
    public void A_table_is_given_up_between_two_rows()
    {
        using TableFile file = new(TableFile.Patients(10_000));
        foreach (double at in (double[])[0, 0.5, 0.9])
        {
            double reached = 0;
            Assert.Throws<OperationCanceledException>(() => TableSource.Prepare(
                file.Options(), share => reached = share < at ? share : throw new OperationCanceledException()));
            Assert.InRange(reached, 0, at);
        }
    }

    [Fact]
    public void An_unclosed_quote_costs_the_rows_it_swallows_and_is_reported()
    {
        string[] lines = TableFile.Patients().Split('\n');
        lines[100] = lines[100].Replace(",Eyes,", ",x,", StringComparison.Ordinal).Replace(",Bones,", ",x,", StringComparison.Ordinal);
        lines[100] = "\"" + lines[100];
        using TableFile file = new(string.Join('\n', lines));
        PreparedTable table = file.Prepare();
        Assert.Contains(table.Notes, n => n.Contains("broken quotes", StringComparison.Ordinal) && n.Contains("101", StringComparison.Ordinal));
        Assert.InRange(table.Cohorts.Sum(c => c.Train.RowCount + c.Test.RowCount), 60, 239);
    }

    [Fact]
    public void Notes_are_bounded_in_number_and_length()
    {
        using TableFile file = new(TableFile.Patients() + string.Concat(Enumerable.Repeat("short\n", 5000)));
        PreparedTable table = file.Prepare();
        Assert.Contains(table.Notes, n => n.Contains("and 4992 more", StringComparison.Ordinal));
        Assert.All(table.Notes, n => Assert.InRange(n.Length, 1, 500));
    }

    [Theory]
    [InlineData("yes,no", "no", "yes")]
    [InlineData("1,0", "0", "1")]
    [InlineData("1,2", "1", "2")]
    [InlineData("TRUE,FALSE", "FALSE", "TRUE")]
    [InlineData("Negative,Positive", "Negative", "Positive")]
    [InlineData("benign,malignant", "benign", "malignant")]
    [InlineData("died,alive", "alive", "died")]
    [InlineData("left,right", "left", "right")]
    [InlineData("10,9,2", "2", "9", "10")]
    [InlineData("none,mild,severe", "mild", "none", "severe")]
    public void Classes_come_in_a_sensible_order(string values, params string[] expected)
    {
        Assert.True(LabelRule.TryChoose(values.Split(','), "y", null, out LabelRule? rule, out _));
        Assert.Equal(expected, rule.ClassNames());
        for (int i = 0; i < expected.Length; i++) Assert.True(rule.TryClassOf(expected[i], out byte label) && label == i);
    }

    [Fact]
    public void A_positive_value_makes_two_classes_of_many()
    {
        Assert.True(LabelRule.TryChoose(["<30", ">30", "NO"], "readmitted", "<30", out LabelRule? rule, out _));
        Assert.Equal(["not <30", "<30"], rule.ClassNames());
        Assert.True(rule.TryClassOf(" <30 ", out byte label) && label == 1);
        Assert.True(rule.TryClassOf("NO", out label) && label == 0);
        Assert.False(rule.TryClassOf("", out _));
    }

    [Fact]
    public void Small_sites_are_merged_and_unnamed_rows_are_a_site_of_their_own()
    {
        List<string> notes = [];
        string[] sites = ["Köln Süd", "koln-sud", "", "tiny 1", "tiny 2", "Big"];
        int[] counts = [30, 30, 25, 12, 12, 40];
        int[] rows = [.. counts.SelectMany((n, i) => Enumerable.Repeat(i, n)), -1];
        SiteAssignment assignment = SiteAssignment.ByColumn(sites, rows, notes, out _)!;
        Assert.Equal(["big", "koln-sud", "koln-sud-2", "other-sites", "unknown"], assignment.Names);
        Assert.Equal(-1, assignment.SiteOfRow[^1]);
        Assert.Equal(24, assignment.SiteOfRow.Count(s => s == 3));
        Assert.Equal(2, notes.Count);
    }

    [Fact]
    public void Of_more_than_sixteen_sites_the_fifteen_largest_are_kept()
    {
        string[] sites = [.. Enumerable.Range(0, 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"site {i}"))];
        int[] rows = [.. Enumerable.Range(0, 30).SelectMany(i => Enumerable.Repeat(i, 20 + i))];
        SiteAssignment assignment = SiteAssignment.ByColumn(sites, rows, [], out _)!;
        Assert.Equal(16, assignment.Names.Count);
        Assert.Equal(Enumerable.Range(0, 15).Sum(i => 20 + i), assignment.SiteOfRow.Count(s => assignment.Names[s] == SiteAssignment.Rest));
    }

    private static RowSelection Decide(TableFile file, RowRules rules) => RowSelection.Decide(CsvTable.Open(file.Path), rules, [], _ => { });
}
