namespace QuantumFed.Report;

/// <summary>The ledger, and this run's records on it with their transactions.</summary>
internal static class LedgerSection
{
    private const int MostRecords = 1000;

    public static void Write(Markup markup, RunReport report)
    {
        markup.Write($"<section id=\"ledger\"><h2>Ledger</h2><div>\n");
        if (report.Ledger is not { } ledger)
        {
            markup.Write($"<p class=\"missing\">The report does not record a ledger.</p></div></section>\n");
            return;
        }
        markup.Write($"<dl class=\"facts\"><div><dt>Chain</dt><dd>{ledger.ChainId.ToString(System.Globalization.CultureInfo.InvariantCulture)}{(ledger.DevelopmentChain ? ", a development chain: one operator could have rewritten it" : "")}</dd></div>\n");
        markup.Write($"<div><dt>Registry</dt><dd><code>{ledger.Registry}</code></dd></div><div><dt>Rounds</dt><dd><code>{ledger.Rounds}</code></dd></div>\n");
        markup.Write($"<div><dt>Blocks archived</dt><dd>{Wording.Count(ledger.Blocks)}</dd></div></dl>\n");
        IReadOnlyList<ReportLedgerRecord> records = ledger.Records;
        if (records.Count > 0)
            WriteRecords(markup, records);
        else
            WriteTransactions(markup, report.Rounds);
        markup.Write($"</div></section>\n");
    }

    private static void WriteRecords(Markup markup, IReadOnlyList<ReportLedgerRecord> records)
    {
        ReportLedgerRecord[] half = records.Count <= MostRecords ? [.. records] : [.. records.Take(MostRecords / 2), .. records.TakeLast(MostRecords / 2)];
        string? note = half.Length == records.Count
            ? null
            : $"The first and the last {Wording.Count(MostRecords / 2)} of {Wording.Count(records.Count)} records are shown; report.json has all.";
        var table = new DataTable(
            "Records on the ledger", TableColumn.Number("Block"), TableColumn.Number("Round"), new TableColumn("Record"), new TableColumn("By"),
            TableColumn.Code("Transaction"));
        foreach (ReportLedgerRecord record in half)
            table.Add($"{record.Block}", record.Round is { } round ? $"{round}" : Wording.Missing, record.Step, record.Party, record.Transaction);
        table.WriteFolded(markup, $"{Wording.Count(records.Count, "record")} with transaction hashes", note);
    }

    // A report of version 1 has the transactions by round, and not who sent them.
    private static void WriteTransactions(Markup markup, IReadOnlyList<ReportRound> rounds)
    {
        (ulong Round, string Hash)[] all = [.. rounds.SelectMany(round => round.Transactions.Select(hash => (round.Number, hash)))];
        if (all.Length == 0)
        {
            markup.Write($"<p class=\"missing\">The report lists no record.</p>\n");
            return;
        }
        Sample<(ulong Round, string Hash)> shown = Sample<(ulong Round, string Hash)>.First(all, MostRecords, "transactions");
        var table = new DataTable("Transactions of the rounds", TableColumn.Number("Round"), TableColumn.Code("Transaction"));
        foreach ((ulong round, string hash) in shown.Shown)
            table.Add($"{round}", hash);
        table.WriteFolded(markup, $"{Wording.Count(all.Length, "transaction")} by round", shown.Note);
    }
}
