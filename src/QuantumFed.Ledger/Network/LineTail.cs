namespace QuantumFed.Ledger;

/// <summary>The last lines of a stream, for an error message. Thread-safe.</summary>
internal sealed class LineTail
{
    private const int MaxLines = 20;

    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MaxLines)
                _ = _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lines)
            return _lines.Count == 0 ? "(it said nothing)" : string.Join(Environment.NewLine, _lines);
    }
}
