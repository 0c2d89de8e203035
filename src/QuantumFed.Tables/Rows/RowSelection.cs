using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>
/// Which records of a table are used, and where each goes. Decided from labels, sites and groups alone, before any other column is looked at.
/// </summary>
internal sealed class RowSelection
{
    private const int MaxRows = 5_000_000;
    private const int MaxLabelValues = 100_000;
    private const int MaxSiteValues = 10_000;

    private RowSelection(LabelRule labels, IReadOnlyList<string> sites, int[] siteOfRecord, bool[] isTest, byte[] labelOfRecord)
    {
        Labels = labels;
        Sites = sites;
        SiteOfRecord = siteOfRecord;
        IsTest = isTest;
        LabelOfRecord = labelOfRecord;
    }

    public LabelRule Labels { get; }

    public IReadOnlyList<string> Sites { get; }

    /// <summary>Per record the hospital, or -1 where it is not used.</summary>
    public int[] SiteOfRecord { get; }

    public bool[] IsTest { get; }

    public byte[] LabelOfRecord { get; }

    /// <summary>Reads the label, site and group columns and decides.</summary>
    /// <exception cref="TableException">There is no federation to be made of the table.</exception>
    public static RowSelection Decide(CsvTable table, RowRules rules, List<string> notes, Action<long> progress)
    {
        int labelColumn = table.IndexOf(rules.LabelColumn, "for the label");
        int siteColumn = rules.SiteColumn is null ? -1 : table.IndexOf(rules.SiteColumn, "for the site");
        int groupColumn = rules.GroupColumn is null ? -1 : table.IndexOf(rules.GroupColumn, "for the group");
        int exclusionColumn = rules.ExclusionColumn is null ? -1 : table.IndexOf(rules.ExclusionColumn, "");
        TableException Refused(string reason, int line = 0) => new(table.Path, line, reason);

        List<int> labelValues = [], siteValues = [], groups = [], lines = [];
        Dictionary<string, int> labelIds = new(StringComparer.Ordinal), siteIds = new(StringComparer.Ordinal), groupIds = new(StringComparer.Ordinal);
        LineReport ragged = new(), unlabelled = new(), excluded = new(), ungrouped = new();
        string? positive = rules.PositiveValue is null ? null : Cell.CategoryText(rules.PositiveValue);
        using (CsvTableReader reader = table.Rows())
        {
            while (reader.Read())
            {
                if (labelValues.Count == MaxRows)
                    throw Refused(string.Create(CultureInfo.InvariantCulture, $"there are more than {MaxRows} rows; take a sample."), reader.Line);
                if (labelValues.Count % 4096 == 0) progress(reader.Position);
                int label = -1, site = -1, group = -1;
                if (!reader.IsComplete) ragged.Add(reader.Line);
                else if (exclusionColumn >= 0 && rules.ExcludedValues.Contains(reader[exclusionColumn])) excluded.Add(reader.Line);
                else
                {
                    string text = Cell.CategoryText(reader[labelColumn]);
                    if (text != positive && Cell.IsMissingLabel(text)) unlabelled.Add(reader.Line);
                    else if ((label = IdOf(text, labelIds)) >= MaxLabelValues && positive is null)
                        throw Refused($"the label column '{rules.LabelColumn}' has more than {MaxLabelValues} different values; name the value to predict by --positive.", reader.Line);
                    if (siteColumn >= 0) site = IdOf(SiteText(rules.SiteOf(reader[siteColumn])), siteIds);
                    if (siteIds.Count > MaxSiteValues)
                        throw Refused($"the site column '{rules.SiteColumn}' has more than {MaxSiteValues} different values; it does not name hospitals.", reader.Line);
                    if (groupColumn >= 0)
                    {
                        string name = Cell.CategoryText(reader[groupColumn]);
                        if (!Cell.IsMissing(name)) group = IdOf(name, groupIds);
                        else if (label >= 0) ungrouped.Add(reader.Line);
                    }
                }

                labelValues.Add(label);
                siteValues.Add(label < 0 ? -1 : site);
                if (siteColumn >= 0) lines.Add(reader.Line);
                if (groupColumn >= 0) groups.Add(group);
            }
        }

        if (labelValues.Count == 0) throw Refused("there is no row below the first line.");
        if (ragged.Count > 0)
        {
            string fields = string.Create(CultureInfo.InvariantCulture, $"the {table.Columns.Count} fields that the first line names");
            if (ragged.Count == labelValues.Count) throw Refused($"no row has {fields}.", ragged.FirstLine);
            notes.Add($"{ragged.Of("row")} left out, without {fields} or with broken quotes: {ragged}.");
        }

        if (excluded.Count > 0) notes.Add($"{excluded.Of("row")} left out, {rules.ExclusionReason}: {excluded}.");
        if (unlabelled.Count > 0) notes.Add($"{unlabelled.Of("row")} left out without a label: {unlabelled}.");
        if (ungrouped.Count > 0) notes.Add($"{ungrouped.Of("row")} without a value in '{rules.GroupColumn}', each a group of its own: {ungrouped}.");

        if (!LabelRule.TryChoose(labelIds.Keys, rules.LabelColumn, rules.PositiveValue, out LabelRule? labelRule, out string message)) throw Refused(message);
        notes.Add(message);
        int[] classOfValue = new int[labelIds.Count];
        foreach ((string text, int id) in labelIds) classOfValue[id] = labelRule.TryClassOf(text, out byte label) ? label : -1;
        int[] classes = [.. labelValues.Select(v => v < 0 ? -1 : classOfValue[v])];
        int[]? groupOfRecord = groupColumn >= 0 ? [.. groups] : null;

        string refusal;
        SiteAssignment? sites = siteColumn >= 0
            ? SiteAssignment.ByColumn([.. siteIds.OrderBy(s => s.Value).Select(s => s.Key)], [.. siteValues], notes, out refusal)
            : SiteAssignment.BySeed(classes, groupOfRecord, rules.Members, rules.Seed, out refusal);
        if (sites is null) throw Refused(refusal);
        LineReport small = new();
        for (int i = 0; i < classes.Length; i++)
        {
            if (sites.SiteOfRow[i] >= 0) continue;
            classes[i] = -1;
            if (siteValues[i] >= 0) small.Add(lines[i]);
        }

        if (small.Count > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{small.Of("row")} left out, of sites with fewer than {SiteAssignment.MinRows} rows: {small}."));

        bool[] test = SeededSplit.ToTest(classes, sites.SiteOfRow, groupOfRecord, rules.Seed);
        RowSelection selection = new(labelRule, sites.Names, sites.SiteOfRow, test, Array.ConvertAll(classes, c => (byte)Math.Max(c, 0)));
        selection.CheckTraining(table, rules, notes);
        selection.CheckSplit(table, rules);
        return selection;
    }

    /// <summary>The number of training or test rows of a hospital.</summary>
    public int CountOf(int site, bool test)
    {
        int count = 0;
        for (int i = 0; i < SiteOfRecord.Length; i++)
            if (SiteOfRecord[i] == site && IsTest[i] == test) count++;
        return count;
    }

    private void CheckTraining(CsvTable table, RowRules rules, List<string> notes)
    {
        int[] ofClass = new int[Labels.ClassCount];
        for (int i = 0; i < SiteOfRecord.Length; i++)
            if (SiteOfRecord[i] >= 0 && !IsTest[i]) ofClass[LabelOfRecord[i]]++;
        if (ofClass.Count(n => n > 0) < 2)
            throw new TableException(table.Path, 0, $"the training rows have one label in '{rules.LabelColumn}' only; there is nothing to learn.");
        IReadOnlyList<string> names = Labels.ClassNames();
        for (int c = 0; c < ofClass.Length; c++)
            if (ofClass[c] < 10) notes.Add(string.Create(CultureInfo.InvariantCulture, $"class '{names[c]}' has {ofClass[c]} training rows only."));
    }

    // Only groups can do this: a hospital has at least 20 rows, of which the split takes 3 in 10.
    private void CheckSplit(CsvTable table, RowRules rules)
    {
        for (int site = 0; site < Sites.Count; site++)
        {
            int train = CountOf(site, test: false), test = CountOf(site, test: true);
            if (train < CohortChecks.MinTrainRows || test == 0)
                throw new TableException(table.Path, 0, string.Create(CultureInfo.InvariantCulture, $"the hospital '{Sites[site]}' has {train} training and {test} test rows, ")
                    + $"because rows with the same '{rules.GroupColumn}' stay together; group by a column with more values.");
        }
    }

    private static string SiteText(string cell)
    {
        string text = Cell.CategoryText(cell);
        return Cell.IsMissing(text) ? "" : text;
    }

    private static int IdOf(string text, Dictionary<string, int> ids)
    {
        if (!ids.TryGetValue(text, out int id)) ids.Add(text, id = ids.Count);
        return id;
    }
}
