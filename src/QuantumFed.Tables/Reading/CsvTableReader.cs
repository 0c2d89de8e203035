using System.Globalization;
using CsvHelper;

namespace QuantumFed.Tables;

/// <summary>Reads the records of a table one after the other (RFC 4180, by CsvHelper's reader, without its mapping of types).</summary>
internal sealed class CsvTableReader : IDisposable
{
    /// <summary>The largest record in bytes: an unclosed quote must not fill the memory.</summary>
    public const int MaxRecordSizeInBytes = 16 << 20;

    private readonly string _path;
    private readonly CsvReader _records;
    private readonly int _columnCount;
    private bool _quotesAreBroken;
    private char[] _cell = new char[1024];

    /// <summary>Takes over a stream at its beginning.</summary>
    public CsvTableReader(string path, Stream stream, char delimiter, int columnCount)
    {
        _path = path;
        _columnCount = columnCount;
        _records = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecordSizeInBytes,
            BufferSize = 1 << 18,
            // A quote in the middle of an unquoted cell is a character (5" pipe); anything else is a record that reads otherwise than meant.
            OnMalformedRecord = record => _quotesAreBroken |= record.Reason != CsvMalformedReason.StrayQuote,
        });
    }

    /// <summary>The line on which the record begins, counted from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The record's fields.</summary>
    public int FieldCount => _records.FieldCount;

    /// <summary>Whether the record has as many fields as the header, and its quotes are closed where they should be.</summary>
    public bool IsComplete => _records.FieldCount == _columnCount && !_quotesAreBroken;

    /// <summary>How much of the file was read, in bytes.</summary>
    public long Position => _records.ByteOffset;

    /// <summary>The text of a field, without its quotes.</summary>
    public string this[int column] => _records.GetString(column);

    /// <summary>The same without a string of its own; trimmed; valid until the next call.</summary>
    public ReadOnlySpan<char> Trimmed(int column)
    {
        // A cell has no more characters than bytes.
        int most = _records.GetSpan(column).Length;
        if (most > _cell.Length) _cell = new char[Math.Max(most, 2 * _cell.Length)];
        return _cell.AsSpan(0, _records.GetChars(column, _cell)).Trim();
    }

    /// <summary>Reads the next record that is not an empty line.</summary>
    /// <exception cref="TableException">A record is longer than <see cref="MaxRecordSizeInBytes"/>.</exception>
    public bool Read()
    {
        _quotesAreBroken = false;
        try
        {
            if (!_records.Read()) return false;
        }
        catch (CsvFormatException e)
        {
            throw new TableException(_path, (int)Math.Max(e.LineNumber, Line + 1L), string.Create(CultureInfo.InvariantCulture,
                $"from here on a record is longer than {MaxRecordSizeInBytes} bytes; a quote is probably not closed."));
        }

        Line = (int)_records.LineNumber;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();
}
