using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace QuantumFed.Learning;

/// <summary>
/// The project's own file format for a <see cref="Dataset"/>: UTF-8 lines of comma-separated fields without quoting. The first line holds
/// the feature names and <c>label</c> as the last column; every other line one row. Numbers are invariant (point, no grouping) and
/// written so that reading gives back the same double; a label is a class, <c>0</c> to <c>31</c>, and <c>0</c> or <c>1</c> where there are two.
/// </summary>
public static class DatasetCsv
{
    /// <summary>The name of the last column.</summary>
    public const string LabelColumn = "label";

    /// <summary>The largest file that is read, in bytes: a reader holds all of it in memory.</summary>
    public const long MaxFileSizeInBytes = 1L << 30;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a data set with <c>\n</c> line ends.</summary>
    public static void Write(Dataset dataset, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (string name in dataset.FeatureNames)
        {
            writer.Write(name);
            writer.Write(',');
        }

        writer.Write(LabelColumn + "\n");
        for (int i = 0; i < dataset.RowCount; i++)
        {
            foreach (double value in dataset.Row(i))
            {
                writer.Write(value.ToString("R", CultureInfo.InvariantCulture));
                writer.Write(',');
            }

            writer.Write(dataset.Labels[i].ToString(CultureInfo.InvariantCulture));
            writer.Write('\n');
        }
    }

    /// <summary>Writes a data set to a file, replacing it.</summary>
    public static void WriteFile(string path, Dataset dataset)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using StreamWriter writer = new(path, append: false, Utf8);
        Write(dataset, writer);
    }

    /// <summary>Reads a data set; a damaged text gives <see langword="false"/> and the first thing wrong with it.</summary>
    /// <param name="reader">The text; read to its end, or to the fault.</param>
    /// <param name="dataset">The data set, where the text is one.</param>
    /// <param name="fault">The line and the reason, where it is not.</param>
    /// <exception cref="IOException">The reader's own.</exception>
    public static bool TryRead(TextReader reader, [NotNullWhen(true)] out Dataset? dataset, out DatasetFault fault)
    {
        ArgumentNullException.ThrowIfNull(reader);
        dataset = null;
        int line = 1;
        try
        {
            if (reader.ReadLine() is not { } header)
            {
                fault = new DatasetFault(1, "the file is empty; its first line must name the columns.");
                return false;
            }

            if (!TryReadHeader(header, out string[] names, out string reason))
            {
                fault = new DatasetFault(1, reason);
                return false;
            }

            List<double> values = [];
            List<byte> labels = [];
            while (reader.ReadLine() is { } text)
            {
                line++;
                if (!TryReadRow(text, names, values, labels, out reason))
                {
                    fault = new DatasetFault(line, reason);
                    return false;
                }
            }

            dataset = Dataset.Create(names, values.ToArray(), labels.ToArray());
            fault = default;
            return true;
        }
        catch (DecoderFallbackException)
        {
            fault = new DatasetFault(line, "from here on the file is not UTF-8 text.");
            return false;
        }
    }

    /// <summary>Reads a data set from a file.</summary>
    /// <exception cref="DatasetUnavailableException">The file is missing, unreadable or larger than
    /// <see cref="MaxFileSizeInBytes"/>.</exception>
    /// <exception cref="DatasetFormatException">The file is damaged; the exception names the line.</exception>
    public static Dataset ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxFileSizeInBytes)
                throw new DatasetUnavailableException("csv", path, $"It is larger than {MaxFileSizeInBytes} bytes: split it.");
            using StreamReader reader = new(file, Utf8);
            return TryRead(reader, out Dataset? dataset, out DatasetFault fault) ? dataset : throw new DatasetFormatException(path, fault);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException("csv", path, "Check that it exists and that this account may read it.", e);
        }
    }

    private static bool TryReadHeader(string header, out string[] names, out string reason)
    {
        string[] columns = header.Split(',');
        names = columns[..^1];
        reason = "";
        if (columns[^1] != LabelColumn)
            reason = $"the last column must be named '{LabelColumn}'.";
        else if (names.Length is 0 or > Dataset.MaxFeatureCount)
            reason = $"there must be 1 to {Dataset.MaxFeatureCount} feature columns, not {names.Length}.";
        else if (Array.FindIndex(names, name => !Dataset.IsFeatureName(name)) is >= 0 and int bad)
            reason = $"column {bad + 1} has no usable feature name.";
        else if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
            reason = "two columns have the same name.";
        return reason.Length == 0;
    }

    private static bool TryReadRow(string text, string[] names, List<double> values, List<byte> labels, out string reason)
    {
        ReadOnlySpan<char> row = text;
        int column = 0;
        foreach (Range range in row.Split(','))
        {
            ReadOnlySpan<char> field = row[range];
            if (column < names.Length)
            {
                if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                {
                    reason = $"column '{names[column]}' does not hold a finite number.";
                    return false;
                }

                values.Add(value);
            }
            else if (column == names.Length)
            {
                if (!byte.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out byte label) || label >= Dataset.MaxClassCount
                    || (field.Length > 1 && field[0] == '0'))
                {
                    reason = $"the column '{LabelColumn}' must hold 0 or 1, or a class up to {Dataset.MaxClassCount - 1}.";
                    return false;
                }

                labels.Add(label);
            }

            column++;
        }

        reason = column == names.Length + 1 ? "" : $"there are {column} fields where the first line names {names.Length + 1}.";
        return reason.Length == 0;
    }
}
