using System.Globalization;
using System.Text;

namespace QuantumFed.System.Tests;

/// <summary>A table nobody prepared: a byte order mark, Windows line ends, quoted commas, blanks, text, dates, a constant column and an id.</summary>
internal static class MessyTable
{
    public static string Write(string folder, int rows = 300)
    {
        var text = new StringBuilder("patient,clinic,seen on,\"ward, room\",age,weight,unit,outcome\r\n");
        for (int i = 0; i < rows; i++)
        {
            int age = 30 + i * 37 % 60;
            string outcome = (age + i % 7) % 100 > 62 ? "ill" : "well";
            string weight = i % 9 == 0 ? "" : (55 + i % 40).ToString(CultureInfo.InvariantCulture);
            string ward = i % 3 == 0 ? "\"north, 4\"" : i % 3 == 1 ? "south" : "\"say \"\"west\"\"\"";
            text.Append(CultureInfo.InvariantCulture, $"P{i:D5},clinic {(char)('A' + i % 3)},2024-{1 + i % 12:D2}-{1 + i % 28:D2},{ward},{age},{weight},kg,{outcome}\r\n");
        }
        string path = Path.Combine(folder, "messy.csv");
        File.WriteAllText(path, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        return path;
    }
}
