namespace QuantumFed.Tables;

/// <summary>A recipe bound to a table's columns: turns records into features.</summary>
internal sealed class RecipeReader : IFeatureColumns
{
    private readonly (int Place, ColumnRecipe Recipe, LineReport Odd)[] _columns;

    private RecipeReader((int, ColumnRecipe, LineReport)[] columns) => _columns = columns;

    /// <inheritdoc/>
    public int FeatureCount => _columns.Sum(c => c.Recipe.FeatureCount);

    /// <summary>Finds the recipe's columns.</summary>
    /// <exception cref="TableException">The table lacks one.</exception>
    public static RecipeReader Bind(TableRecipe recipe, CsvTable table)
    {
        Dictionary<string, int> places = table.Columns.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        List<(int, ColumnRecipe, LineReport)> columns = [];
        foreach (ColumnRecipe column in recipe.Columns)
        {
            if (column.FeatureCount == 0) continue;
            if (!places.TryGetValue(column.Source, out int place)) place = table.IndexOf(column.Source, "that the model needs");
            columns.Add((place, column, new LineReport()));
        }

        return new RecipeReader([.. columns]);
    }

    /// <inheritdoc/>
    public bool TryRead(CsvTableReader record, Span<double> features)
    {
        Read(record, features);
        return true;
    }

    /// <summary>Writes one record's features.</summary>
    public void Read(CsvTableReader record, Span<double> features)
    {
        int next = 0;
        int lastPlace = -1;
        ReadOnlySpan<char> cell = "";
        foreach ((int place, ColumnRecipe recipe, LineReport odd) in _columns)
        {
            if (place != lastPlace) cell = record.Trimmed(place);
            lastPlace = place;
            if (!recipe.Write(cell, features.Slice(next, recipe.FeatureCount))) odd.Add(record.Line);
            next += recipe.FeatureCount;
        }
    }

    /// <summary>The cells that were not of their column's kind, or of a category that no training row had.</summary>
    public IEnumerable<string> Notes()
    {
        const int most = 20;
        (int, ColumnRecipe Recipe, LineReport Odd)[] odd = [.. _columns.Where(c => c.Odd.Count > 0)];
        foreach ((_, ColumnRecipe recipe, LineReport lines) in odd.Take(most))
            yield return $"column '{recipe.Source}': {lines.Of("cell")} {Fault(recipe)}: {lines}.";
        if (odd.Length > most) yield return FormattableString.Invariant($"{odd.Length - most} more columns have such cells.");
    }

    private static string Fault(ColumnRecipe recipe) => recipe switch
    {
        ColumnRecipe.Category category => $"of a category that no training row had, taken as '{category.Categories[0]}'",
        ColumnRecipe.CalendarDate => "not a date, taken as missing",
        _ => "not a number, taken as missing",
    };
}
