using System.Globalization;
using System.Text;

namespace QuantumFed.Trainers;

/// <summary>
/// What a trainer says on its standard error: passed on line by line, each cleaned and shortened, at most a thousand for each request; the
/// last ones are kept for an error's message.
/// </summary>
internal sealed class ErrorLines(Action<string> onLine)
{
    /// <summary>The longest line that is passed on, in characters.</summary>
    public const int MaxLineLength = 500;

    /// <summary>The lines that are passed on for each request.</summary>
    public const int MaxLinesPerRequest = 1000;

    private const int TailLines = 3;
    private const int BufferLength = 1 << 14;

    private readonly Lock _lock = new();
    private readonly Queue<string> _tail = new();
    private int _passedOn;
    private long _leftOut;

    /// <summary>The last lines, as one; empty where nothing was said.</summary>
    public string Tail
    {
        get
        {
            lock (_lock)
                return string.Join(" | ", _tail);
        }
    }

    /// <summary>Reads to the end. A carriage return ends a line too: progress bars use it.</summary>
    public async Task ReadAsync(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferLength, leaveOpen: true);
        char[] buffer = new char[BufferLength];
        StringBuilder line = new(MaxLineLength + 1);
        try
        {
            for (int count; (count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
                Split(buffer.AsSpan(0, count), line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe was closed on this side: the program has been given up.
        }
        Add(line.ToString());
        CountAnew();
    }

    /// <summary>Begins a new count, as for each request after the first, and says how many lines the one before left out.</summary>
    public void CountAnew()
    {
        long leftOut;
        lock (_lock)
        {
            leftOut = _leftOut;
            _passedOn = 0;
            _leftOut = 0;
        }
        if (leftOut > 0)
            onLine($"({leftOut.ToString(CultureInfo.InvariantCulture)} more lines were left out)");
    }

    /// <summary>One line of printable text: control and formatting characters removed, cut to a length.</summary>
    public static string Clean(string text, int maxLength)
    {
        StringBuilder clean = new(Math.Min(text.Length, maxLength));
        foreach (char c in text)
        {
            if (clean.Length > maxLength)
                break;
            if (char.IsWhiteSpace(c))
                clean.Append(' ');
            else if (!char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format)
                clean.Append(c);
        }
        string line = clean.ToString().Trim();
        return line.Length <= maxLength ? line : line[..(maxLength - 3)] + "...";
    }

    private void Split(ReadOnlySpan<char> text, StringBuilder line)
    {
        while (text.Length > 0)
        {
            int end = text.IndexOfAny('\n', '\r');
            ReadOnlySpan<char> part = end < 0 ? text : text[..end];
            line.Append(part[..Math.Min(part.Length, MaxLineLength + 1 - line.Length)]);
            if (end < 0)
                return;
            Add(line.ToString());
            line.Clear();
            text = text[(end + 1)..];
        }
    }

    private void Add(string raw)
    {
        string line = Clean(raw, MaxLineLength);
        if (line.Length == 0)
            return;
        lock (_lock)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
                _tail.Dequeue();
            if (_passedOn == MaxLinesPerRequest)
            {
                _leftOut++;
                return;
            }
            _passedOn++;
        }
        onLine(line);
    }
}
