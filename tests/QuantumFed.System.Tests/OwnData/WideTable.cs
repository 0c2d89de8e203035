using System.Globalization;
using System.Text;

namespace QuantumFed.System.Tests;

/// <summary>A table of so many columns that the statistics of a round take the larger ring.</summary>
internal static class WideTable
{
    private const int Columns = 152;

    public static string Write(string folder)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Enumerable.Range(0, Columns).Select(i => $"x{i}")).AppendLine(",y");
        ulong state = 1;
        double Next()
        {
            // A linear congruential generator (Knuth, MMIX): any numbers will do.
            state = state * 6364136223846793005 + 1442695040888963407;
            return (state >> 11) * (1.0 / (1UL << 53)) - 0.5;
        }
        for (int row = 0; row < 1600; row++)
        {
            double[] x = [.. Enumerable.Range(0, Columns).Select(_ => Next())];
            double score = x[0] + x[1] - x[2] + 0.3 * Next();
            text.AppendJoin(',', x.Select(value => value.ToString("F4", CultureInfo.InvariantCulture))).AppendLine(score > 0 ? ",1" : ",0");
        }
        string path = Path.Combine(folder, "wide.csv");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
