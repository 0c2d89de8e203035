using System.Globalization;
using System.Text.RegularExpressions;

namespace QuantumFed.Report.Tests;

/// <summary>Colours: both schemes and paper define the same names, and letters and lines can be read on every ground.</summary>
public sealed partial class StyleTests
{
    private const double WantedContrast = 4.5;

    private static readonly string[] Inks = ["ink", "soft", "federated", "pooled", "local", "bad", "good"];
    private static readonly string[] Grounds = ["paper", "wash"];

    private static readonly string Page = ReportPage.Render(SampleReport.Bare());

    [Fact]
    public void Light_dark_and_paper_define_the_same_colours()
    {
        Dictionary<string, string>[] schemes = Schemes();
        Assert.Equal(3, schemes.Length);
        Assert.All(schemes, scheme => Assert.Equal([.. schemes[0].Keys.Order()], scheme.Keys.Order()));
        Assert.Empty(Inks.Concat(Grounds).Except(schemes[0].Keys));
        Assert.Contains("@media (prefers-color-scheme: dark)", Page, StringComparison.Ordinal);
        Assert.Contains("@media print", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_colour_that_is_used_is_defined()
    {
        Assert.Empty(Used().Matches(Page).Select(match => match.Groups["name"].Value).Except(Schemes()[0].Keys));
    }

    [Fact]
    public void Inks_stand_out_from_every_ground() => Assert.All(Schemes(), scheme =>
    {
        foreach (string ink in Inks)
        {
            foreach (string ground in Grounds)
            {
                double contrast = Contrast(scheme[ink], scheme[ground]);
                Assert.True(contrast >= WantedContrast, $"{ink} on {ground}: {contrast.ToString("0.00", CultureInfo.InvariantCulture)}");
            }
        }
    });

    private static Dictionary<string, string>[] Schemes() =>
    [
        .. Root().Matches(Page).Select(root => Definition().Matches(root.Value).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["colour"].Value)),
    ];

    // WCAG 2.2, "contrast ratio" and "relative luminance".
    private static double Contrast(string one, string other)
    {
        (double a, double b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] parts =
        [
            .. Enumerable.Range(0, 3).Select(i => int.Parse(colour.AsSpan(i * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
                .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)),
        ];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex(@":root \{[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex(@"--(?<name>[a-z]+): #(?<colour>[0-9a-f]{6});")]
    private static partial Regex Definition();

    [GeneratedRegex(@"var\(--(?<name>[a-z]+)\)")]
    private static partial Regex Used();
}
