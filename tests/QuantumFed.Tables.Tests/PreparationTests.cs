using System.Text;
using QuantumFed.Learning;

namespace QuantumFed.Tables.Tests;

public sealed class PreparationTests
{
    [Fact]
    public void Each_column_becomes_what_its_kind_says()
    {
        using TableFile file = new(TableFile.Patients());
        PreparedTable table = TableSource.Prepare(file.Options() with { SiteColumn = "hospital", GroupColumn = "patient" });
        Assert.Equal(["st-a", "st-b", "st-c", "st-d"], table.Cohorts.Select(c => c.Name));
        Assert.Equal(["no", "yes"], table.ClassNames);
        Assert.Equal(["number", "category", "category", "date", "group", "site", "label"], table.Columns.Select(c => c.Kind));
        Assert.Equal(["age", "age missing"], table.Recipe.FeatureNames.Take(2));
        Assert.Equal("admitted days", table.Recipe.FeatureNames[^1]);
        Assert.Equal(6, table.Recipe.FeatureNames.Count);
        Assert.All(table.Cohorts, c => Assert.Equal(table.Recipe.FeatureNames, c.Train.FeatureNames));
        Assert.Contains(table.Recipe.FeatureNames, n => n.StartsWith("ward=", StringComparison.Ordinal));
        Assert.DoesNotContain(CohortChecks.CheckAll(table.Cohorts), f => f.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void Byte_order_mark_line_ends_separators_and_quotes_change_nothing()
    {
        string plain = TableFile.Patients();
        using TableFile file = new(plain);
        PreparedTable expected = file.Prepare();
        string[] variants =
        [
            "\uFEFF" + plain,
            plain.Replace("\n", "\r\n", StringComparison.Ordinal),
            plain.Replace("\"Heart, lung\"", "'", StringComparison.Ordinal).Replace(',', ';').Replace("'", "Heart, lung", StringComparison.Ordinal),
            plain.Replace("\"Heart, lung\"", "'", StringComparison.Ordinal).Replace(',', '\t').Replace("'", "Heart, lung", StringComparison.Ordinal),
            plain.Replace("Eyes", "\"Eyes\"", StringComparison.Ordinal).Replace(",m,", ",\"m\",", StringComparison.Ordinal),
            plain.Replace("NA,", "  ,", StringComparison.Ordinal) + "\n\n",
        ];
        foreach (string variant in variants)
        {
            using TableFile other = new(variant);
            AssertSame(expected, other.Prepare());
        }
    }

    [Fact]
    public void Quoted_line_breaks_and_doubled_quotes_are_text()
    {
        string text = TableFile.Patients().Replace("Eyes", "\"Eyes\nand \"\"ears\"\"\"", StringComparison.Ordinal);
        using TableFile file = new(text + "only one field\n");
        PreparedTable table = file.Prepare();
        ColumnRecipe.Category ward = Assert.IsType<ColumnRecipe.Category>(table.Recipe.Columns.Single(c => c.Source == "ward"));
        Assert.Contains("Eyes\nand \"ears\"", ward.Categories);
        int lines = text.Count(c => c == '\n') + 1;
        Assert.Contains(table.Notes, n => n.EndsWith($"line {lines}.", StringComparison.Ordinal) && n.StartsWith("1 row left out", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_table_and_seed_give_the_same_bits_and_another_seed_another_split()
    {
        using TableFile file = new(TableFile.Patients());
        PreparedTable first = file.Prepare();
        AssertSame(first, file.Prepare());
        PreparedTable other = TableSource.Prepare(file.Options() with { Seed = 2 });
        Assert.False(first.Cohorts[0].Train.Values.SequenceEqual(other.Cohorts[0].Train.Values));
    }

    [Fact]
    public void A_test_row_changes_nothing_in_the_recipe_and_a_training_row_does()
    {
        string[] lines = TableFile.Patients().TrimEnd('\n').Split('\n');
        using TableFile file = new(string.Join('\n', lines));
        PreparedTable before = file.Prepare();
        bool[] isTest = RowSelection.Decide(CsvTable.Open(file.Path), new RowRules("outcome", null, null, null, 3, 1), [], _ => { }).IsTest;

        string Changed(bool test) => string.Join('\n', lines.Select((line, i) =>
            i > 0 && isTest[i - 1] == test ? "1000,odd,never seen,2099-01-01,p,x," + line.Split(',')[^1] : line));
        using TableFile testChanged = new(Changed(test: true)), trainChanged = new(Changed(test: false));
        Assert.Equal(before.Recipe.ToJson(), testChanged.Prepare().Recipe.ToJson());
        Assert.Equal(before.Magnitudes, testChanged.Prepare().Magnitudes);
        Assert.Contains("no column gives a feature", trainChanged.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Magnitudes_are_the_smallest_that_hold_every_training_value()
    {
        using TableFile file = new(TableFile.Patients());
        PreparedTable table = file.Prepare();
        for (int j = 0; j < table.Magnitudes.Count; j++)
        {
            double largest = table.Cohorts.Max(c => Enumerable.Range(0, c.Train.RowCount).Max(i => Math.Abs(c.Train.Row(i)[j])));
            bool binary = table.Cohorts.All(c => Enumerable.Range(0, c.Train.RowCount).All(i => c.Train.Row(i)[j] is 0 or 1));
            if (binary) Assert.Equal(0, table.Magnitudes[j]);
            else Assert.InRange(largest, Math.ScaleB(8, table.Magnitudes[j] - 1) + double.Epsilon, Math.ScaleB(8, table.Magnitudes[j]));
        }
    }

    [Fact]
    public void Progress_never_falls_and_ends_at_one()
    {
        using TableFile file = new(TableFile.Patients());
        List<double> seen = [];
        TableSource.Prepare(file.Options(), seen.Add);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1, seen[^1]);
    }

    internal static void AssertSame(PreparedTable expected, PreparedTable actual)
    {
        Assert.Equal(Encoding.UTF8.GetString(expected.Recipe.ToJson()), Encoding.UTF8.GetString(actual.Recipe.ToJson()));
        Assert.Equal(expected.Cohorts.Select(c => c.Name), actual.Cohorts.Select(c => c.Name));
        foreach ((HospitalCohort a, HospitalCohort b) in expected.Cohorts.Zip(actual.Cohorts))
        {
            Assert.True(a.Train.Values.SequenceEqual(b.Train.Values) && a.Test.Values.SequenceEqual(b.Test.Values));
            Assert.True(a.Train.Labels.SequenceEqual(b.Train.Labels) && a.Test.Labels.SequenceEqual(b.Test.Labels));
        }
    }
}
