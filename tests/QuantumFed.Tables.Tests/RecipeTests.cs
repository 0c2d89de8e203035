using System.Text;
using QuantumFed.Learning;

namespace QuantumFed.Tables.Tests;

public sealed class RecipeTests
{
    [Fact]
    public void Applied_to_its_own_file_a_recipe_gives_the_same_rows()
    {
        using TableFile file = new(TableFile.Patients());
        PreparedTable table = file.Prepare();
        Assert.True(TableRecipe.TryParse(table.Recipe.ToJson(), out TableRecipe? kept, out string failure), failure);
        RecipeRows rows = kept.Apply(file.Path);
        Assert.Equal(240, rows.RowCount);
        Assert.Equal(Enumerable.Range(2, 240), rows.Lines);
        RowSelection selection = RowSelection.Decide(CsvTable.Open(file.Path), new RowRules("outcome", null, null, null, 3, 1), [], _ => { });
        int[] next = new int[6];
        for (int i = 0; i < rows.RowCount; i++)
        {
            HospitalCohort cohort = table.Cohorts[selection.SiteOfRecord[i]];
            Dataset part = selection.IsTest[i] ? cohort.Test : cohort.Train;
            int row = next[2 * selection.SiteOfRecord[i] + (selection.IsTest[i] ? 1 : 0)]++;
            Assert.True(part.Row(row).SequenceEqual(rows.Row(i)));
            Assert.Equal(part.Labels[row], rows.Labels![i]);
        }
    }

    [Fact]
    public void New_files_may_lack_the_label_and_have_other_orders_columns_and_values()
    {
        using TableFile file = new(TableFile.Patients());
        TableRecipe recipe = file.Prepare().Recipe;
        using TableFile fresh = new("extra,ward,sex,age,patient,hospital,admitted\n1,Kidneys,,seventy,p1,St. A,2024-01-02\n2,Eyes,m,44,p2,St. B,2024-01-03\n");
        RecipeRows rows = recipe.Apply(fresh.Path);
        Assert.Null(rows.Labels);
        Assert.Equal(2, rows.RowCount);
        Assert.Equal(44, rows.Row(1)[0]);
        Assert.Equal(1, rows.Row(0)[1]);
        Assert.Contains(rows.Notes, n => n.StartsWith("column 'age': 1 cell not a number", StringComparison.Ordinal));
        using TableFile labelled = new("ward,sex,age,patient,hospital,admitted,outcome\nEyes,m,44,p2,St. B,2024-01-03,maybe\nEyes,m,44,p2,St. B,2024-01-03,yes\n");
        Assert.Equal([null, (byte?)1], recipe.Apply(labelled.Path).Labels!);
    }

    [Fact]
    public void A_category_that_no_training_row_had_is_the_base_and_is_named_by_line()
    {
        using TableFile file = new(TableFile.Patients());
        TableRecipe recipe = file.Prepare().Recipe;
        string known = Assert.IsType<ColumnRecipe.Category>(recipe.Columns.Single(c => c.Source == "sex")).Categories[0];
        string Row(string sex) => $"Eyes,{sex},44,p2,St. B,2024-01-03\n";
        using TableFile fresh = new($"ward,sex,age,patient,hospital,admitted\n{Row(known)}{Row("x")}{Row("")}{Row("y")}");
        RecipeRows rows = recipe.Apply(fresh.Path);
        Assert.Contains($"column 'sex': 2 cells of a category that no training row had, taken as '{known}': lines 3, 5.", rows.Notes);
    }

    [Fact]
    public void A_file_without_a_column_the_model_needs_is_refused()
    {
        using TableFile file = new(TableFile.Patients());
        TableRecipe recipe = file.Prepare().Recipe;
        using TableFile fresh = new("ward,sex\nEyes,m\n");
        TableException e = Assert.Throws<TableException>(() => recipe.Apply(fresh.Path));
        Assert.StartsWith("there is no column 'age' that the model needs", e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_and_reading_a_recipe_gives_the_same_bytes()
    {
        using TableFile file = new(TableFile.Patients().Replace("Eyes", "\"Ey,es\n\u00FC\"", StringComparison.Ordinal));
        byte[] json = TableSource.Prepare(file.Options() with { PositiveValue = "yes" }).Recipe.ToJson();
        Assert.True(TableRecipe.TryParse(json, out TableRecipe? recipe, out _));
        Assert.Equal(json, recipe.ToJson());
        Assert.Equal(("yes", "outcome"), (recipe.PositiveValue, recipe.LabelColumn));
        Assert.Equal(["not yes", "yes"], recipe.ClassNames);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "version 2")]
    [InlineData("\"version\": 1,", "\"version\": 1, \"more\": 1,", "not the JSON")]
    [InlineData("\"version\": 1,", "\"version\": 1, \"version\": 1,", "not the JSON")]
    [InlineData("\"version\": 1,", "", "not the JSON")]
    [InlineData("\"missing\": true", "\"missing\": false", "features named")]
    [InlineData("\"missing\": true", "\"missing\": null", "a column")]
    [InlineData("\"kind\": \"number\",", "\"kind\": \"number\", \"other\": true,", "a column")]
    [InlineData("\"kind\": \"number\"", "\"kind\": 0", "not the JSON")]
    [InlineData("\"kind\": \"number\"", "\"kind\": \"category\"", "a column")]
    [InlineData("\"median\": ", "\"median\": 1e30, \"x\": ", "not the JSON")]
    [InlineData("\"no\"", "\"yes\"", "alike")]
    [InlineData("\"outcome\"", "null", "not the JSON")]
    [InlineData("quantumfed-table-recipe", "other", "not a table's recipe")]
    public void Anything_else_than_a_recipe_is_refused(string text, string replacement, string reason)
    {
        using TableFile file = new(TableFile.Patients());
        string json = Encoding.UTF8.GetString(file.Prepare().Recipe.ToJson());
        int place = json.IndexOf(text, StringComparison.Ordinal);
        Assert.True(place >= 0, json);
        string changed = json[..place] + replacement + json[(place + text.Length)..];
        Assert.False(TableRecipe.TryParse(Encoding.UTF8.GetBytes(changed), out _, out string failure));
        Assert.Contains(reason, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_and_damaged_recipes_never_throw()
    {
        using TableFile file = new(TableFile.Patients());
        byte[] json = file.Prepare().Recipe.ToJson();
        for (int i = 0; i < json.Length; i += 7)
        {
            Assert.False(TableRecipe.TryParse(json.AsSpan(0, i), out _, out _));
            byte[] damaged = [.. json];
            damaged[i] ^= 0x15;
            Assert.True(TableRecipe.TryParse(damaged, out _, out string failure) || failure.Length > 0);
        }
    }
}
