namespace QuantumFed.Report;

/// <summary>How the run was made: enough to make it again.</summary>
internal static class MethodSection
{
    private const int MostColumns = 300;

    public static void Write(Markup markup, RunSummary run)
    {
        RunReport report = run.Report;
        markup.Write($"<section id=\"method\"><h2>Method</h2><div>\n");
        var table = new DataTable("Settings of the run", new TableColumn("Setting"), new TableColumn("Value"));
        table.Add("Data set", report.Dataset + (report.Synthetic ? ", generated" : ""));
        table.Add("Algorithm", run.AlgorithmInWords);
        foreach (ReportSetting setting in report.Settings.Take(60))
            table.Add(setting.Name, setting.Value);
        if (report.Model?.Features is { } features)
            table.Add("Features", Wording.Count(features));
        if (report.Classes.Count > 0)
            table.Add("Classes", string.Join(", ", report.Classes.Take(40)) + (report.Classes.Count > 40 ? ", ..." : ""));
        Optional(table, "Standardisation", report.Standardise switch { "centre" => "each hospital by its own rows", "federated" => "joint, from encrypted sums", var other => other });
        Optional(table, "Ridge penalty (L2)", report.L2 is { } l2 && double.IsFinite(l2) ? Wording.Plain(l2) : null);
        Optional(table, "Seed of the data", report.Seed is { } seed ? $"{seed}" : null);
        WriteLattice(table, report.Lattice);
        Optional(table, "Program", report.Program);
        Optional(table, "Command", report.CommandLine);
        table.WriteTo(markup);
        if (report.Columns.Count > 0)
        {
            Sample<ReportColumn> columns = Sample<ReportColumn>.First(report.Columns, MostColumns, "columns");
            var treated = new DataTable("Columns of the table", new TableColumn("Column"), new TableColumn("Treatment"));
            foreach (ReportColumn column in columns.Shown)
                treated.Add(column.Name, column.Treatment);
            treated.WriteFolded(markup, $"{Wording.Count(report.Columns.Count, "column")} of the table and their treatment", columns.Note);
        }
        markup.Write($"</div></section>\n");
    }

    private static void WriteLattice(DataTable table, ReportLattice? lattice)
    {
        if (lattice is null)
            return;
        table.Add("Encryption", $"key-additive ring-LWE over {lattice.Ring}, q of {lattice.ModulusBits} bits, noise bound {lattice.NoiseBound}");
        string bytes = Measured.Amount(lattice.BytesPerParameter) is { } known ? $", {Wording.Plain(known)} bytes a parameter" : "";
        table.Add("Packing", $"{lattice.BitsPerValue} bits a value, {lattice.Lanes} in a coefficient{bytes}");
    }

    private static void Optional(DataTable table, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            table.Add(name, value);
    }
}
