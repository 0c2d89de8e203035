using System.Globalization;

namespace QuantumFed.Learning;

/// <summary>
/// The UCI heart disease data of four hospitals (doi:10.24432/C52P4X), prepared and split as FLamby's Fed-Heart-Disease
/// (du Terrail et al., NeurIPS 2022): columns slope, ca and thal dropped, then every row with a missing value; cp and restecg as
/// indicators with the first category dropped; the label is num &gt; 0. 740 rows of 13 raw (not standardised) features.
/// </summary>
public static class HeartDiseaseSource
{
    /// <summary>The data set's name on the command line.</summary>
    public const string Name = "heart";

    /// <summary>The file that says which row is in which part.</summary>
    public const string SplitFile = "flamby_split.csv";

    /// <summary>The rows of all centres that stay.</summary>
    public const int ExpectedRowCount = 740;

    private const string SplitHeader = "center,file_line,row_after_dropna,label,set";
    private const string Remedy = "Name the folder that holds flamby_split.csv and the four files processed.{cleveland,hungarian,switzerland,va}.data"
        + " of https://archive.ics.uci.edu/dataset/45/heart+disease with --data, or use --dataset synthetic, which needs no files.";

    private const int ColumnCount = 14;
    private const int ChestPain = 2, RestingEcg = 6, Slope = 10, Label = 13;

    // Numeric columns in the file's order, then the indicators, as pandas.get_dummies(drop_first=True) would leave them.
    private static readonly string[] ColumnNames =
        ["age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope", "ca", "thal", "num"];
    private static readonly string[] Features =
        ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "cp_2", "cp_3", "cp_4", "restecg_1", "restecg_2"];
    private static readonly string[] CentreNames = ["cleveland", "hungarian", "switzerland", "va"];

    /// <summary>The 13 features, in order.</summary>
    public static IReadOnlyList<string> FeatureNames { get; } = Array.AsReadOnly(Features);

    /// <summary>The four centres, in order.</summary>
    public static IReadOnlyList<string> Centres { get; } = Array.AsReadOnly(CentreNames);

    /// <summary>Reads the four cohorts, in the order of <see cref="Centres"/>, rows in the order of the files.</summary>
    /// <param name="directory">The folder with the four data files and <see cref="SplitFile"/>.</param>
    /// <exception cref="DatasetUnavailableException">A file is missing or unreadable; the message says what to do.</exception>
    /// <exception cref="DatasetFormatException">A file is not what it should be; the message names the line.</exception>
    public static IReadOnlyList<HospitalCohort> Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string splitPath = Path.Combine(directory, SplitFile);
        List<SplitRow> split = ReadSplit(splitPath);
        List<HospitalCohort> cohorts = [];
        foreach (string centre in CentreNames)
            cohorts.Add(ReadCentre(directory, splitPath, centre, [.. split.Where(row => row.Centre == centre)]));

        int rows = cohorts.Sum(c => c.Train.RowCount + c.Test.RowCount);
        return rows == ExpectedRowCount
            ? cohorts.AsReadOnly()
            : throw new DatasetFormatException(
                splitPath, new DatasetFault(1, $"the split keeps {rows} rows, not the {ExpectedRowCount} of this data set."));
    }

    private static HospitalCohort ReadCentre(string directory, string splitPath, string centre, SplitRow[] split)
    {
        string path = Path.Combine(directory, $"processed.{centre}.data");
        string[] lines = ReadLines(path);
        RowBuilder train = new(), test = new();
        int next = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 && i == lines.Length - 1) break;
            double[]? row = ReadRow(path, i + 1, lines[i], out byte label);
            if (row is null) continue;

            // The split must name exactly the complete rows: one more or less, and figures would not be comparable with published ones.
            if (next == split.Length || split[next].FileLine != i + 1)
                throw new DatasetFormatException(splitPath, new DatasetFault(
                    next < split.Length ? split[next].Line : 1, $"complete row {i + 1} of {path} is not the next row of the split."));
            if (split[next].Label != label)
                throw new DatasetFormatException(splitPath, new DatasetFault(split[next].Line, $"the label differs from row {i + 1} of {path}."));
            (split[next].IsTrain ? train : test).Add(row, label);
            next++;
        }

        if (next < split.Length)
            throw new DatasetFormatException(splitPath, new DatasetFault(split[next].Line, $"{path} has no such complete row."));
        return new HospitalCohort(centre, train.ToDataset(), test.ToDataset());
    }

    /// <summary>The 13 features of a line, or null where a value that matters is missing.</summary>
    private static double[]? ReadRow(string path, int line, string text, out byte label)
    {
        DatasetFormatException Fault(string reason) => new(path, new DatasetFault(line, reason));
        string[] fields = text.Split(',');
        if (fields.Length != ColumnCount) throw Fault($"there are {fields.Length} fields, not {ColumnCount}.");

        label = 0;
        Span<double> columns = stackalloc double[ColumnCount];
        bool complete = true;
        for (int i = 0; i < ColumnCount; i++)
        {
            if (i >= Slope && i < Label) continue;
            if (fields[i] == "?") complete = false;
            else if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out columns[i]) || !double.IsFinite(columns[i]))
                throw Fault($"column '{ColumnNames[i]}' holds neither a finite number nor '?'.");
        }

        if (!complete) return null;
        if (columns[ChestPain] is not (1 or 2 or 3 or 4)) throw Fault("cp must be 1, 2, 3 or 4.");
        if (columns[RestingEcg] is not (0 or 1 or 2)) throw Fault("restecg must be 0, 1 or 2.");
        if (columns[Label] is not (0 or 1 or 2 or 3 or 4)) throw Fault("num must be 0 to 4.");
        label = columns[Label] > 0 ? (byte)1 : (byte)0;

        double cp = columns[ChestPain], restecg = columns[RestingEcg];
        return
        [
            columns[0], columns[1], columns[3], columns[4], columns[5], columns[7], columns[8], columns[9],
            cp == 2 ? 1 : 0, cp == 3 ? 1 : 0, cp == 4 ? 1 : 0, restecg == 1 ? 1 : 0, restecg == 2 ? 1 : 0,
        ];
    }

    private static List<SplitRow> ReadSplit(string path)
    {
        string[] lines = ReadLines(path);
        if (lines.Length == 0 || lines[0] != SplitHeader)
            throw new DatasetFormatException(path, new DatasetFault(1, $"the first line must be '{SplitHeader}'."));
        List<SplitRow> rows = [];
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 && i == lines.Length - 1) break;
            string[] fields = lines[i].Split(',');
            if (fields.Length != 5 || !CentreNames.Contains(fields[0], StringComparer.Ordinal)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int fileLine)
                || fields[3] is not ("0" or "1") || fields[4] is not ("train" or "test"))
                throw new DatasetFormatException(path, new DatasetFault(i + 1, "a line is centre,line,row,0 or 1,train or test."));
            rows.Add(new SplitRow(i + 1, fields[0], fileLine, fields[3] == "1" ? (byte)1 : (byte)0, fields[4] == "train"));
        }

        return rows;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            // The real files are below 20 KB; whatever is larger is not one of them, and must not fill the memory.
            const long maxSize = 1 << 20;
            if (new FileInfo(path) is { Exists: true, Length: > maxSize })
                throw new DatasetUnavailableException(Name, path, "It is far larger than the published file. " + Remedy);
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException(Name, path, Remedy, e);
        }
    }

    private readonly record struct SplitRow(int Line, string Centre, int FileLine, byte Label, bool IsTrain);

    private sealed class RowBuilder
    {
        private readonly List<double> _values = [];
        private readonly List<byte> _labels = [];

        public void Add(double[] row, byte label)
        {
            _values.AddRange(row);
            _labels.Add(label);
        }

        public Dataset ToDataset() => Dataset.Create(Features, _values.ToArray(), _labels.ToArray());
    }
}
