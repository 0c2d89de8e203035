using System.Globalization;
using System.Text.RegularExpressions;

namespace QuantumFed.Qkd.Tests;

/// <summary>The finite-key bound against a table computed from Lim et al. (2014).</summary>
public sealed partial class LimVectorTests
{
    private const double Tolerance = 0.05;

    private static readonly string s_table = VectorFile.Text("lim2014_computed.txt");

    /// <summary>Kilometres, log10 of the block size, and the optimised rate.</summary>
    public static TheoryData<double, int, double> Rates
    {
        get
        {
            var rates = new TheoryData<double, int, double>();
            foreach (Match line in Line().Matches(s_table))
            {
                foreach (Match rate in Rate().Matches(line.Groups["rates"].Value))
                    rates.Add(Number(line.Groups["km"].Value), (int)Number(rate.Groups["s"].Value), Number(rate.Groups["r"].Value));
            }
            return rates;
        }
    }

    /// <summary>Kilometres, log10 of the block size, the rate, and the parameters it belongs to.</summary>
    public static TheoryData<double, int, double, double[]> Points
    {
        get
        {
            var points = new TheoryData<double, int, double, double[]>();
            double kilometres = 0;
            foreach (string text in s_table.Split('\n'))
            {
                if (Line().Match(text) is { Success: true } line)
                    kilometres = Number(line.Groups["km"].Value);
                if (Block().Match(text) is { Success: true } block)
                    points.Add(kilometres, (int)Number(block.Groups["s"].Value), Value(text, "R"), [Value(text, "qx"), Value(text, "p1"), Value(text, "p2"), Value(text, "m1"), Value(text, "m2")]);
            }
            return points;

            static double Value(string text, string name) => Number(Regex.Match(text, $"'{name}': ([^,}}]+)").Groups[1].Value);
        }
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void At_the_tables_parameters_the_rate_is_the_tables(double kilometres, int s, double rate, double[] at) =>
        Assert.Equal(1, new LimLink(kilometres).Rate(Math.Pow(10, s), at[0], at[1], at[2], at[3], at[4]) / rate, Tolerance);

    [Theory]
    [MemberData(nameof(Rates))]
    public void The_best_rate_is_the_tables(double kilometres, int s, double rate)
    {
        double found = new LimLink(kilometres).BestRate(Math.Pow(10, s));
        Assert.True(rate == 0 ? found == 0 : Math.Abs(found / rate - 1) <= Tolerance, $"{found:E3}, not {rate:E3}");
    }

    [Fact]
    public void A_hundred_times_the_block_gives_1_75_times_the_rate_at_100_kilometres()
    {
        var link = new LimLink(100);
        Assert.Equal(1.75, link.BestRate(1e9) / link.BestRate(1e7), 1.75 * Tolerance);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<km>\d+) km (?<rates>.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"s=(?<s>\d):(?<r>\S+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"^\s+s=(?<s>\d) \{")]
    private static partial Regex Block();
}
