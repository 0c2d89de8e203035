using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>
/// From a table to cohorts in three passes over the file: which rows are used and where they go; the recipe, from training rows only; the
/// features of every row. No pass keeps a string per cell.
/// </summary>
internal static class TablePreparation
{
    private const long MaxValues = 1L << 28;
    private const long CollectFrom = 1L << 22;
    private const int MostNotes = 40;

    public static PreparedTable Run(string title, CsvTable table, RowRules rules, IReadOnlyList<ColumnSpec> specs, Action<double>? progress)
    {
        List<string> notes = [.. table.HeaderNotes];
        Action<long> Pass(int pass) => position => progress?.Invoke(Math.Min(1, (pass + (double)position / Math.Max(1, table.LengthInBytes)) / 3));
        return CsvTable.Reading(table.Path, () =>
        {
            RowSelection rows = RowSelection.Decide(table, rules, notes, Pass(0));
            (TableRecipe recipe, List<ColumnSummary> columns) = FitRecipe(table, rules, rows, specs, Pass(1));
            IReadOnlyList<HospitalCohort> cohorts = Apply(table, rows, recipe, notes, Pass(2));
            progress?.Invoke(1);
            return new PreparedTable(title, cohorts, recipe, recipe.ClassNames, FeatureMagnitudes.Of([.. cohorts.Select(cohort => cohort.Train)]), columns, Bounded(notes));
        });
    }

    private static (TableRecipe, List<ColumnSummary>) FitRecipe(
        CsvTable table, RowRules rules, RowSelection rows, IReadOnlyList<ColumnSpec> specs, Action<long> progress)
    {
        (int Place, ColumnProfile Profile)[] profiles =
            [.. specs.Where(s => s.Wish != ColumnWish.Drop).Select(s => (table.IndexOf(s.Source, "that is needed"), new ColumnProfile(s)))];
        Scan(table, rows, progress, (reader, record) =>
        {
            if (rows.IsTest[record]) return;
            int last = -1;
            ReadOnlySpan<char> cell = "";
            foreach ((int place, ColumnProfile profile) in profiles)
            {
                if (place != last) cell = reader.Trimmed(place);
                last = place;
                profile.Add(cell, reader.Line);
            }
        });

        List<ColumnRecipe> recipes = [];
        List<ColumnSummary> summaries = [];
        int next = 0;
        foreach (ColumnSpec spec in specs)
        {
            (ColumnRecipe recipe, ColumnSummary summary) = spec.Wish == ColumnWish.Drop
                ? (new ColumnRecipe.Dropped(spec.Source, spec.Reason), new ColumnSummary(spec.Source, spec.Role, 0, 0, spec.Reason))
                : ColumnFit.Fit(profiles[next++].Profile, table.Delimiter);
            // The label, site and group columns are no part of what is needed to predict.
            if (spec.Wish != ColumnWish.Drop || spec.Role == "dropped") recipes.Add(recipe);
            summaries.Add(summary);
        }

        return TableRecipe.TryCreate(rules.LabelColumn, rows.Labels, recipes, out TableRecipe? made, out string failure)
            ? (made, summaries)
            : throw new TableException(table.Path, 0, failure.StartsWith("no column", StringComparison.Ordinal) ? NoFeature(summaries) : failure);
    }

    private static System.Collections.ObjectModel.ReadOnlyCollection<HospitalCohort> Apply(CsvTable table, RowSelection rows, TableRecipe recipe, List<string> notes, Action<long> progress)
    {
        int d = recipe.FeatureNames.Count, sites = rows.Sites.Count;
        int[] counts = new int[2 * sites];
        for (int i = 0; i < rows.SiteOfRecord.Length; i++)
            if (rows.SiteOfRecord[i] >= 0) counts[PartOf(rows, i)]++;
        if ((long)counts.Sum() * d > MaxValues)
            throw new TableException(table.Path, 0, string.Create(CultureInfo.InvariantCulture,
                $"{counts.Sum()} rows of {d} features are more than {MaxValues} values; leave out columns by --drop, or take a sample."));

        // What the fit needed is as large as the training rows; the features of all rows need its place.
        if (counts.Sum() * (long)d >= CollectFrom) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        double[][] values = Array.ConvertAll(counts, n => new double[n * d]);
        byte[][] labels = Array.ConvertAll(counts, n => new byte[n]);
        int[] filled = new int[counts.Length];
        RecipeReader reader = RecipeReader.Bind(recipe, table);
        Scan(table, rows, progress, (record, i) =>
        {
            int part = PartOf(rows, i), row = filled[part]++;
            reader.Read(record, values[part].AsSpan(row * d, d));
            labels[part][row] = rows.LabelOfRecord[i];
        });

        notes.AddRange(reader.Notes());
        Dataset Take(int part)
        {
            Dataset dataset = Dataset.Create(recipe.FeatureNames, values[part], labels[part]);
            // Dataset copies. Without a collection the large arrays that were copied would stay beside the copies until the end.
            values[part] = [];
            if (counts[part] * (long)d >= CollectFrom) GC.Collect();
            return dataset;
        }

        List<HospitalCohort> cohorts = new(sites);
        for (int s = 0; s < sites; s++) cohorts.Add(new HospitalCohort(rows.Sites[s], Take(2 * s), Take(2 * s + 1)));
        return cohorts.AsReadOnly();
    }

    private static void Scan(CsvTable table, RowSelection rows, Action<long> progress, Action<CsvTableReader, int> use)
    {
        using CsvTableReader reader = table.Rows();
        int record = 0;
        for (; reader.Read(); record++)
        {
            if (record == rows.SiteOfRecord.Length) throw Changed();
            if (record % 4096 == 0) progress(reader.Position);
            if (rows.SiteOfRecord[record] < 0) continue;
            if (!reader.IsComplete) throw Changed();
            use(reader, record);
        }

        if (record != rows.SiteOfRecord.Length) throw Changed();
        TableException Changed() => new(table.Path, reader.Line, "it was changed while it was read.");
    }

    private static int PartOf(RowSelection rows, int record) => 2 * rows.SiteOfRecord[record] + (rows.IsTest[record] ? 1 : 0);

    private static string NoFeature(List<ColumnSummary> summaries)
        => "no column gives a feature: " + string.Join("; ", summaries.Where(s => s.Kind == "dropped").Take(3).Select(s => $"'{s.Name}': {s.Description}")) + ".";

    private static List<string> Bounded(List<string> notes)
    {
        if (notes.Count <= MostNotes) return notes;
        string more = string.Create(CultureInfo.InvariantCulture, $"and {notes.Count - MostNotes} more remarks.");
        return [.. notes.Take(MostNotes), more];
    }
}
