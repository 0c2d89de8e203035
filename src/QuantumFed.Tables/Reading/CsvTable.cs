using System.Globalization;
using QuantumFed.Learning;

namespace QuantumFed.Tables;

/// <summary>A CSV file that was found to be text with a header: its columns and its separator. Rows are read by <see cref="CsvTableReader"/>.</summary>
internal sealed class CsvTable
{
    /// <summary>The most columns.</summary>
    public const int MaxColumnCount = 4096;

    private const string Dataset = "csv";

    private readonly long _length;
    private readonly DateTime _written;

    private CsvTable(string path, long length, DateTime written, char delimiter, string[] columns)
    {
        Path = path;
        _length = length;
        _written = written;
        Delimiter = delimiter;
        Columns = Array.AsReadOnly(columns);
    }

    public string Path { get; }

    public char Delimiter { get; }

    /// <summary>The columns' names, trimmed, none empty, no two alike.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The file's size, for progress.</summary>
    public long LengthInBytes => _length;

    /// <summary>What was odd about the header.</summary>
    public IReadOnlyList<string> HeaderNotes { get; private init; } = [];

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayHaveOneColumn">Whether a table of one column is one: it is where nothing but features is needed.</param>
    /// <exception cref="DatasetUnavailableException">The file cannot be read.</exception>
    /// <exception cref="TableException">It is not a CSV text with a header.</exception>
    public static CsvTable Open(string path, bool mayHaveOneColumn = false) => Reading(path, () =>
    {
        if (Directory.Exists(path)) throw new DatasetUnavailableException(Dataset, path, "It is a folder; name a file.");
        if (!SeekableFile.IsAt(path)) throw new DatasetUnavailableException(Dataset, path, "It is not a regular file; copy it into one.");
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > DatasetCsv.MaxFileSizeInBytes)
            throw new DatasetUnavailableException(Dataset, path, string.Create(CultureInfo.InvariantCulture, $"It is larger than {DatasetCsv.MaxFileSizeInBytes} bytes: take a part of it."));
        if (TextFileCheck.Find(stream) is var (line, reason)) throw new TableException(path, line, reason);

        long length = stream.Length;
        DateTime written = File.GetLastWriteTimeUtc(path);
        stream.Position = 0;
        char delimiter = FindDelimiter(stream);
        stream.Position = 0;
        using CsvTableReader reader = new(path, stream, delimiter, columnCount: 0);
        if (!reader.Read()) throw new TableException(path, 0, "it is empty; the first line must name the columns.");
        if (reader.FieldCount == 1 && !mayHaveOneColumn)
            throw new TableException(path, reader.Line, "the first line names one column only; columns are separated by a comma, a semicolon, a tab or '|'.");
        if (reader.FieldCount > MaxColumnCount)
            throw new TableException(path, reader.Line, string.Create(CultureInfo.InvariantCulture, $"there are {reader.FieldCount} columns; at most {MaxColumnCount} are read."));
        List<string> notes = [];
        string[] columns = NameColumns(reader, notes);
        return new CsvTable(path, length, written, delimiter, columns) { HeaderNotes = notes };
    });

    /// <summary>Begins to read rows from the first one after the header.</summary>
    /// <exception cref="TableException">The file is not the one that was opened.</exception>
    public CsvTableReader Rows() => Reading(Path, () =>
    {
        FileStream stream = File.OpenRead(Path);
        if (stream.Length != _length || File.GetLastWriteTimeUtc(Path) != _written)
        {
            stream.Dispose();
            throw new TableException(Path, 0, "it was changed while it was read.");
        }

        CsvTableReader reader = new(Path, stream, Delimiter, Columns.Count);
        reader.Read();
        return reader;
    });

    /// <summary>The place of a column.</summary>
    /// <exception cref="TableException">There is none of this name.</exception>
    public int IndexOf(string column, string purpose)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (Columns[i] == column) return i;
        string names = string.Join(", ", Columns.Take(12)) + (Columns.Count > 12 ? string.Create(CultureInfo.InvariantCulture, $" and {Columns.Count - 12} more") : "");
        throw new TableException(Path, 1, $"there is no column '{column}' {purpose}; the first line names: {names}.");
    }

    /// <summary>Turns the system's errors into ours.</summary>
    public static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Whether the system said that a file cannot be read.</summary>
    public static bool IsUnreadable(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The same as our error.</summary>
    public static DatasetUnavailableException Unreadable(string path, Exception error) =>
        new(Dataset, path, "Check that it exists and that this account may read it.", error);

    private static string[] NameColumns(CsvTableReader reader, List<string> notes)
    {
        HashSet<string> given = new(StringComparer.Ordinal);
        for (int i = 0; i < reader.FieldCount; i++) given.Add(reader[i].Trim());
        HashSet<string> taken = new(StringComparer.Ordinal);
        string[] names = new string[reader.FieldCount];
        for (int i = 0; i < names.Length; i++)
        {
            string name = reader[i].Trim();
            if (name.Length == 0)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"column {i + 1}");
                notes.Add($"a column has no name in the first line; it is called '{name}'.");
            }

            string unique = name;
            for (int n = 2; !taken.Add(unique) || (unique != name && given.Contains(unique)); n++)
                unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({n})");
            if (unique != name) notes.Add($"the column name '{name}' occurs again; the later one is called '{unique}'.");
            names[i] = unique;
        }

        return names;
    }

    /// <summary>The separator that occurs most often in the first line, outside quotes.</summary>
    private static char FindDelimiter(Stream stream)
    {
        const string candidates = ",;\t|";
        Span<int> counts = stackalloc int[candidates.Length];
        using StreamReader reader = new(stream, leaveOpen: true);
        bool quoted = false, text = false;
        for (int read = 0, c; read < 1 << 20 && (c = reader.Read()) >= 0; read++)
        {
            if (c == '"') quoted = !quoted;
            if (quoted) continue;
            if (c is '\n' or '\r')
            {
                if (text) break;
                continue;
            }

            text = true;
            int candidate = candidates.IndexOf((char)c, StringComparison.Ordinal);
            if (candidate >= 0) counts[candidate]++;
        }

        int best = 0;
        for (int i = 1; i < counts.Length; i++)
            if (counts[i] > counts[best]) best = i;
        return candidates[best];
    }
}
