namespace QuantumFed.Report;

/// <summary>A table with a caption and scoped headers, in a box of its own that scrolls sideways where it is too wide for the page.</summary>
internal sealed class DataTable(string caption, params TableColumn[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Whether each row becomes a block of lines on a narrow screen, every cell after its column's name, so that no column is out of sight there.</summary>
    public bool StacksWhenNarrow { get; init; }

    /// <summary>Rows so far.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds a row; its first cell is its header.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the table.</summary>
    public void WriteTo(Markup markup)
    {
        markup.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table class=\"{(StacksWhenNarrow ? "stacks" : "")}\"><caption>{caption}</caption><thead><tr>");
        foreach (TableColumn column in columns)
            markup.Write($"<th scope=\"col\" class=\"{column.Style}\">{column.Header}</th>");
        markup.Write($"</tr></thead><tbody>\n");
        foreach (string[] row in _rows)
        {
            markup.Write($"<tr><th scope=\"row\" class=\"{columns[0].Style}\">{row[0]}</th>");
            for (int column = 1; column < row.Length; column++)
            {
                markup.Write($"<td class=\"{columns[column].Style}\" data-column=\"{columns[column].Header}\">");
                WriteCell(markup, row[column], columns[column]);
                markup.Write($"</td>");
            }
            markup.Write($"</tr>\n");
        }
        markup.Write($"</tbody></table></div>\n");
    }

    /// <summary>Writes the table folded away under a line that names it, with a note if there is one.</summary>
    public void WriteFolded(Markup markup, string summary, string? note = null)
    {
        markup.Write($"<details><summary>{summary}</summary>\n");
        if (note is not null)
            markup.Write($"<p class=\"note\">{note}</p>\n");
        WriteTo(markup);
        markup.Write($"</details>\n");
    }

    private static void WriteCell(Markup markup, string text, TableColumn column)
    {
        string[] parts = column.Style == TableColumn.PartsStyle && text.Length <= Markup.MostCharacters ? text.Split('_') : [text];
        markup.Write($"{parts[0]}");
        foreach (string part in parts.Skip(1))
            markup.Write($"_<wbr/>{part}");
    }
}
