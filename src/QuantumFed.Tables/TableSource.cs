using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>Turns any CSV table with a header into hospitals' cohorts. The rules are in docs/tables.md.</summary>
public static class TableSource
{
    /// <summary>The data set's name on the command line.</summary>
    public const string Name = "csv";

    /// <summary>Reads and prepares a table. The same file and options always give the same cohorts.</summary>
    /// <param name="options">What the operator says about it.</param>
    /// <param name="progress">Gets the share of the work done, 0 to 1, now and then, on the caller's thread; what it throws ends the work.</param>
    /// <exception cref="TableException">No federation can be made of the table; the message says why.</exception>
    /// <exception cref="DatasetUnavailableException">The file cannot be read.</exception>
    public static PreparedTable Prepare(TableOptions options, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        CsvTable table = CsvTable.Open(options.Path);
        Dictionary<string, ColumnSpec> roles = new(StringComparer.Ordinal);
        void Role(string? column, string role, string does)
        {
            if (column is null) return;
            table.IndexOf(column, $"for the {role}");
            if (!roles.TryAdd(column, new ColumnSpec(column, ColumnWish.Drop) { Role = role, Reason = does }) && role != "group")
                throw new TableException(table.Path, 1, $"the column '{column}' cannot be both the {roles[column].Role} and the {role}.");
        }

        Role(options.LabelColumn, "label", "what is predicted");
        Role(options.SiteColumn, "site", "names the hospital");
        Role(options.GroupColumn, "group", "its rows stay on one side of the split");
        if (options.GroupColumn is not null && options.GroupColumn == options.LabelColumn)
            throw new TableException(table.Path, 1, $"the column '{options.LabelColumn}' cannot be both the label and the group.");
        foreach (string dropped in options.DroppedColumns)
        {
            table.IndexOf(dropped, "to drop");
            if (dropped == options.LabelColumn) throw new TableException(table.Path, 1, $"the column '{dropped}' cannot be both the label and left out.");
            roles.TryAdd(dropped, new ColumnSpec(dropped, ColumnWish.Drop) { Reason = "left out as asked" });
        }

        RowRules rules = new(options.LabelColumn, options.PositiveValue, options.SiteColumn, options.GroupColumn, options.Members, options.Seed);
        ColumnSpec[] specs = [.. table.Columns.Select(c => roles.TryGetValue(c, out ColumnSpec? spec) ? spec : new ColumnSpec(c, ColumnWish.Any))];
        string title = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(options.Path)}: '{options.LabelColumn}' from {specs.Count(s => s.Wish == ColumnWish.Any)} columns");
        return TablePreparation.Run(title, table, rules, specs, progress);
    }
}
