using System.Globalization;
using System.Text;

namespace QuantumFed.Tables.Tests;

/// <summary>A CSV file for one test, deleted with it.</summary>
internal sealed class TableFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qf-table-").FullName;

    public TableFile(string text) : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public TableFile(byte[] bytes)
    {
        Path = System.IO.Path.Combine(_folder, "table.csv");
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public TableOptions Options(string label = "outcome") => new(Path, label, null, null, null, [], 3, 1);

    public PreparedTable Prepare() => TableSource.Prepare(Options());

    /// <summary>Why the table is refused, which must be one line with the file's name.</summary>
    public string Refusal(Func<TableOptions, TableOptions>? change = null)
    {
        TableException e = Assert.Throws<TableException>(() => TableSource.Prepare(change is null ? Options() : change(Options())));
        Assert.StartsWith(Path, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        return e.Reason;
    }

    /// <summary>A table of patients: age (some missing), sex, ward, admission date, patient, hospital, outcome.</summary>
    public static string Patients(int rows = 240, int seed = 7)
    {
        StringBuilder text = new("age,sex,ward,admitted,patient,hospital,outcome\n");
        uint state = (uint)seed * 2654435761u + 1;
        int Next(int below)
        {
            state = state * 1664525 + 1013904223;
            return (int)((state >> 8) % (uint)below);
        }

        for (int i = 0; i < rows; i++)
        {
            int age = 20 + Next(70);
            string ward = Next(3) switch { 0 => "\"Heart, lung\"", 1 => "Eyes", _ => "Bones" };
            text.Append(CultureInfo.InvariantCulture,
                $"{(Next(10) == 0 ? "NA" : age.ToString(CultureInfo.InvariantCulture))},{(Next(2) == 0 ? "f" : "m")},{ward},2024-{1 + Next(12):00}-{1 + Next(28):00},p{i / 2},St. {(char)('A' + Next(4))},{(Next(100) < age ? "yes" : "no")}\n");
        }

        return text.ToString();
    }
}
