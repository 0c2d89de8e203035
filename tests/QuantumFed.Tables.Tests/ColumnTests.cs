using System.Globalization;

namespace QuantumFed.Tables.Tests;

public sealed class ColumnTests
{
    // 200 rows with a useful feature, a label and the column under test.
    private static (ColumnSummary Summary, ColumnRecipe Recipe, PreparedTable Table) Column(Func<int, string> cell, char separator = ',', string name = "x")
    {
        using TableFile file = new($"{name}{separator}f{separator}outcome\n" + string.Concat(Enumerable.Range(0, 200)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{cell(i)}{separator}{i % 7}{separator}{i / 3 % 2}\n"))));
        PreparedTable table = file.Prepare();
        return (table.Columns[0], table.Recipe.Columns[0], table);
    }

    [Fact]
    public void A_missing_number_is_the_median_of_training_rows_and_flagged()
    {
        (ColumnSummary summary, ColumnRecipe recipe, PreparedTable table) = Column(i => i % 4 == 0 ? "n/a" : i % 4 == 1 ? "1" : "5");
        ColumnRecipe.Number number = Assert.IsType<ColumnRecipe.Number>(recipe);
        Assert.Equal((5, true, 2), (number.Median, number.IsFlagged, summary.FeatureCount));
        Assert.InRange(summary.MissingCount, 20, 50);
        double[] row = [.. table.Cohorts[0].Train.Row(Enumerable.Range(0, 99).First(i => table.Cohorts[0].Train.Row(i)[1] == 1))];
        Assert.Equal([5, 1], row[..2]);
    }

    [Fact]
    public void A_few_odd_cells_in_a_number_column_are_missing_and_reported_by_line()
    {
        (ColumnSummary summary, ColumnRecipe recipe, PreparedTable table) = Column(i => i is 50 or 51 or 52 or 53 ? "about 3" : (i % 9).ToString(CultureInfo.InvariantCulture));
        Assert.IsType<ColumnRecipe.Number>(recipe);
        Assert.Contains("not a number", summary.Description, StringComparison.Ordinal);
        Assert.Contains(table.Notes, n => n.StartsWith("column 'x': 4 cells not a number", StringComparison.Ordinal) && n.Contains("52, 53, 54, 55", StringComparison.Ordinal));
    }

    [Fact]
    public void Rare_categories_are_other_and_the_commonest_is_the_base()
    {
        (_, ColumnRecipe recipe, PreparedTable table) = Column(i => i % 50 == 0 ? "rare" + i : i % 2 == 0 ? "b" : i % 3 == 0 ? "c" : "a");
        ColumnRecipe.Category category = Assert.IsType<ColumnRecipe.Category>(recipe);
        Assert.Equal("b", category.Categories[0]);
        Assert.True(category.HasOther && !category.IsFlagged);
        Assert.Equal(["x=a", "x=c", "x=other"], table.Recipe.FeatureNames.Take(3).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void At_most_twenty_categories_are_kept()
    {
        (_, ColumnRecipe recipe, _) = Column(i => "category " + (char)('a' + i % 24));
        Assert.InRange(Assert.IsType<ColumnRecipe.Category>(recipe).Categories.Count, 1, 20);
    }

    [Theory]
    [InlineData("2024-02-{0:00}", DateForm.Iso)]
    [InlineData("2024/2/{0}", DateForm.Iso)]
    [InlineData("2024-02-{0:00}T10:15:00Z", DateForm.Iso)]
    [InlineData("{0}.2.2024", DateForm.DayMonthYearDots)]
    [InlineData("2/{0}/2024", DateForm.MonthDayYear)]
    [InlineData("{0:00}/02/2024 13:05", DateForm.DayMonthYear)]
    [InlineData("{0}-Feb-2024", DateForm.DayMonthNameYear)]
    public void Dates_become_days(string format, DateForm form)
    {
        (ColumnSummary summary, ColumnRecipe recipe, PreparedTable table) = Column(i => string.Format(CultureInfo.InvariantCulture, format, i % 28 + 1));
        ColumnRecipe.CalendarDate date = Assert.IsType<ColumnRecipe.CalendarDate>(recipe);
        Assert.Equal(form, date.Form);
        Assert.Contains("days since 1970-01-01", summary.Description, StringComparison.Ordinal);
        // 2024-02-01 is day 19754.
        Assert.All(table.Cohorts, c => Assert.InRange(c.Train.Row(0)[0], 19754, 19754 + 28));
    }

    [Fact]
    public void Times_with_zones_are_compared_as_instants()
    {
        Assert.True(DateText.TryRead("2024-02-01T02:00:00+02:00", DateForm.Iso, out double zoned));
        Assert.True(DateText.TryRead("2024-02-01", DateForm.Iso, out double plain));
        Assert.Equal(plain, zoned);
    }

    [Fact]
    public void Decimal_commas_are_read_where_the_separator_is_none()
    {
        (ColumnSummary summary, ColumnRecipe recipe, PreparedTable table) = Column(i => $"{i % 5},5", ';');
        Assert.True(Assert.IsType<ColumnRecipe.Number>(recipe).HasDecimalComma);
        Assert.Contains("decimal commas", summary.Description, StringComparison.Ordinal);
        Assert.All(table.Cohorts, c => Assert.Equal(0.5, c.Train.Row(0)[0] % 1));
    }

    [Theory]
    [InlineData("constant", "the same value")]
    [InlineData("id", "an id")]
    [InlineData("text", "nearly every value differs")]
    [InlineData("blank", "no training row has a value")]
    [InlineData("thousands", "write them with a point or without commas")]
    public void Useless_columns_are_dropped_with_the_reason(string kind, string reason)
    {
        (ColumnSummary summary, ColumnRecipe recipe, _) = Column(i => kind switch
        {
            "constant" => "same",
            "id" => string.Create(CultureInfo.InvariantCulture, $"{1000 + 3 * i}"),
            "text" => $"\"patient no {i}, seen\"",
            "blank" => " NULL ",
            _ => string.Create(CultureInfo.InvariantCulture, $"\"{1 + i % 9},{100 + i}\""),
        }, name: kind + " id");
        Assert.Equal("dropped", summary.Kind);
        Assert.Contains(reason, summary.Description, StringComparison.Ordinal);
        Assert.IsType<ColumnRecipe.Dropped>(recipe);
    }

    [Fact]
    public void Feature_names_are_legal_and_unique_whatever_the_columns_are_called()
    {
        FeatureNameList names = new();
        string[] hostile = ["label", "", "a,b", "\"q\"", " x ", new string('n', 300), new string('n', 301), "\u0001\uFEFF", "\uD83D\uDE00", "label"];
        foreach (string column in hostile)
        {
            names.Add(column);
            names.Add(column, "=" + new string('v', 100) + "1");
            names.Add(column, "=" + new string('v', 100) + "2");
            names.Add(column, " missing");
        }

        Assert.All(names.Names, name => Assert.True(QuantumFed.Learning.Dataset.IsFeatureName(name), name));
        Assert.Equal(names.Names.Count, names.Names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Nameless_and_repeated_columns_get_names_of_their_own()
    {
        using TableFile file = new("a,,a,outcome\n" + string.Concat(Enumerable.Range(0, 90).Select(i => FormattableString.Invariant($"{i % 5},{i % 3},{i % 4},{i % 2}\n"))));
        PreparedTable table = file.Prepare();
        Assert.Equal(["a", "column 2", "a (2)"], table.Recipe.FeatureNames);
        Assert.Equal(2, table.Notes.Count(n => n.Contains("called", StringComparison.Ordinal)));
    }
}
