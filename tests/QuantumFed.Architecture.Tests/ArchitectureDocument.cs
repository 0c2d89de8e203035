using System.Text.RegularExpressions;

namespace QuantumFed.Architecture.Tests;

/// <summary>What docs/architecture.md says: the drawn layers and the table of projects.</summary>
internal sealed partial class ArchitectureDocument
{
    private ArchitectureDocument(IReadOnlyList<IReadOnlyList<string>> layers, IReadOnlyDictionary<string, ProjectRow> rows)
    {
        Layers = layers;
        Rows = rows;
    }

    /// <summary>Project names per drawn row, from the top.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Layers { get; }

    public IReadOnlyDictionary<string, ProjectRow> Rows { get; }

    public static ArchitectureDocument Load()
    {
        string text = Repository.ReadText("docs/architecture.md");
        string picture = LayersBlock().Match(text).Groups["picture"].Value;
        IReadOnlyList<string>[] layers =
        [
            .. picture.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => (IReadOnlyList<string>)[.. Words().Matches(line).Skip(1).Select(word => "QuantumFed." + word.Value)]),
        ];
        Dictionary<string, ProjectRow> rows = TableRow().Matches(text).ToDictionary(
            row => row.Groups["project"].Value,
            row => new ProjectRow(Quoted(row.Groups["types"].Value), References(row.Groups["references"].Value.Trim())));
        return new ArchitectureDocument(layers, rows);
    }

    private static string[] Quoted(string cell) => [.. BackQuoted().Matches(cell).Select(match => match.Groups[1].Value)];

    private static string[] References(string cell) =>
        cell == "none" ? [] : [.. cell.Split(", ").Select(name => "QuantumFed." + name).Order(StringComparer.Ordinal)];

    /// <summary>One row of the table.</summary>
    internal sealed record ProjectRow(IReadOnlyList<string> CentralTypes, IReadOnlyList<string> References);

    [GeneratedRegex("## Layers.*?```\n(?<picture>.*?)```", RegexOptions.Singleline)]
    private static partial Regex LayersBlock();

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^\| (?<project>QuantumFed\.\w+) \|[^|\n]+\|(?<types>[^|\n]+)\|(?<references>[^|\n]+)\|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex BackQuoted();
}
