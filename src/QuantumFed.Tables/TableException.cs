using System.Globalization;

namespace QuantumFed.Tables;

/// <summary>A table cannot be used, and why: one line that names the file and, where there is one, the line.</summary>
public sealed class TableException : Exception
{
    /// <summary>States what is wrong with a file.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="line">The line, counted from 1; 0 where the reason concerns the whole file.</param>
    /// <param name="reason">What is wrong, in a sentence or two; it names columns and labels, never another value of a patient.</param>
    public TableException(string file, int line, string reason)
        : base(OneLine(line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}: {reason}") : $"{file}: {reason}"))
    {
        File = file;
        Line = line;
        Reason = reason;
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>The line, counted from 1; 0 where the reason concerns the whole file.</summary>
    public int Line { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }

    private static string OneLine(string message) => string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c));
}
