using System.Globalization;
using System.Text;

namespace QuantumFed.Models.Tests;

/// <summary>A table of patients with missing numbers, categories and dates; the same every time.</summary>
internal static class PatientTable
{
    public static string Text(int rows, params string[] outcomes)
    {
        StringBuilder text = new("age,sex,ward,admitted,outcome\n");
        uint state = 12345;
        int Next(int below)
        {
            state = state * 1664525 + 1013904223;
            return (int)((state >> 8) % (uint)below);
        }

        for (int i = 0; i < rows; i++)
        {
            string age = Next(10) == 0 ? "NA" : (20 + Next(700) / 10.0).ToString(CultureInfo.InvariantCulture);
            string ward = Next(3) switch { 0 => "\"Heart, lung\"", 1 => "Eyes", _ => "Bones" };
            text.Append(CultureInfo.InvariantCulture,
                $"{age},{(Next(2) == 0 ? "f" : "m")},{ward},2024-{1 + Next(12):00}-{1 + Next(28):00},{outcomes[Next(outcomes.Length)]}\n");
        }

        return text.ToString();
    }
}
