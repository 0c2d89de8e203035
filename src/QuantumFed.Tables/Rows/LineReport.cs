using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>Counts rows or cells of one kind, and remembers the first lines.</summary>
internal sealed class LineReport
{
    private const int MostLines = 8;

    private readonly List<int> _first = new(MostLines);

    public int Count { get; private set; }

    public int FirstLine => _first[0];

    public void Add(int line)
    {
        if (_first.Count < MostLines) _first.Add(line);
        Count++;
    }

    /// <summary>Such as <c>line 3</c>, or <c>lines 3, 9, 12 and 120 more</c>.</summary>
    public override string ToString()
    {
        string lines = string.Join(", ", _first);
        string more = Count > _first.Count ? string.Create(CultureInfo.InvariantCulture, $" and {Count - _first.Count} more") : "";
        return (Count == 1 ? "line " : "lines ") + lines + more;
    }

    /// <summary>Such as <c>3 rows</c>.</summary>
    public string Of(string thing) => string.Create(CultureInfo.InvariantCulture, $"{Count} {thing}{(Count == 1 ? "" : "s")}");
}
