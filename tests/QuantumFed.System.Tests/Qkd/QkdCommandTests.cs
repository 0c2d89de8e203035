using System.Text.Json;
using System.Xml.Linq;

namespace QuantumFed.System.Tests;

public sealed class QkdCommandTests
{
    [Fact]
    public async Task A_link_is_simulated_and_printed_beside_theory()
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["qkd", "simulate", "--distance", "50", "--seed", "1"])).Ended(0);
        Assert.Equal("simulated link: no photon was sent", run.Lines[0]);
        Assert.Contains("seed 1: whoever knows it knows the key, which protects nothing", run.Lines);
        string gain = Assert.Single(run.Lines, line => line.StartsWith("gain, signal", StringComparison.Ordinal));
        Assert.Equal(2, gain.Split("1.925e-3").Length - 1);
        Assert.Contains("bits may be taken from this transmission.", run.Lines[^1], StringComparison.Ordinal);
        Assert.Empty(run.ErrorLines);
    }

    [Fact]
    public async Task A_seed_repeats_a_run_in_JSON()
    {
        Requires.Launcher();
        string[] command = ["qkd", "simulate", "--distance", "20", "--pulses", "4e9", "--seed", "7", "--json"];
        QfResult run = (await QfRun.ToEndAsync(command)).Ended(0), again = (await QfRun.ToEndAsync(command)).Ended(0);
        Assert.Equal(run.Output, again.Output);
        using JsonDocument figures = JsonDocument.Parse(run.Output);
        JsonElement root = figures.RootElement;
        Assert.True(root.GetProperty("simulated").GetBoolean());
        Assert.False(root.GetProperty("choicesAreSecret").GetBoolean());
        Assert.Equal(4_000_000_000, root.GetProperty("pulses").GetInt64());
        Assert.Equal(["signal", "weak", "vacuum"], root.GetProperty("intensities").EnumerateArray().Select(k => k.GetProperty("intensity").GetString()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("abort").ValueKind);
        Assert.InRange(root.GetProperty("keyLengthInBits").GetInt64(), 1, root.GetProperty("siftedBits").GetInt64());
    }

    [Theory]
    [InlineData("--distance 20 --pulses 4e9 --eve intercept-resend", "tooManyErrors", "more than 11 %; no key.")]
    [InlineData("--distance 20 --pulses 4e9 --eve photon-number-splitting", "noSinglePhotons", "do not show that any single photon came through")]
    [InlineData("--distance 20 --pulses 4e9 --eve intercept-resend --fraction 0.2", "noKeyLeft", "nothing would be left")]
    [InlineData("--distance 200 --pulses 1e10", "", "aborted: ")]
    public async Task A_link_without_a_key_aborts_and_says_why(string options, string reason, string said)
    {
        Requires.Launcher();
        QfResult text = (await QfRun.ToEndAsync(["qkd", "simulate", "--seed", "3", .. options.Split(' ')])).Ended(7);
        Assert.StartsWith("aborted: ", text.Lines[^1], StringComparison.Ordinal);
        Assert.Contains(said, text.Lines[^1], StringComparison.Ordinal);
        QfResult run = (await QfRun.ToEndAsync(["qkd", "simulate", "--seed", "3", "--json", .. options.Split(' ')])).Ended(7);
        using JsonDocument figures = JsonDocument.Parse(run.Output);
        Assert.Equal(0, figures.RootElement.GetProperty("keyLengthInBits").GetInt64());
        Assert.Contains(reason, figures.RootElement.GetProperty("abort").GetString(), StringComparison.Ordinal);
        Assert.Equal("qf: " + text.Lines[^1], Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("--distance -3", "--distance takes a number from 0 to 1000, not '-3'.")]
    [InlineData("--distance NaN", "--distance takes a number from 0 to 1000, not 'NaN'.")]
    [InlineData("--distance 5 --pulses 1.5", "--pulses takes a whole number from 1 to 1e12, not '1.5'.")]
    [InlineData("--distance 5 --pulses 0", "--pulses takes a whole number from 1 to 1e12, not '0'.")]
    [InlineData("--distance 5 --seed -1", "--seed takes a whole number from 0 to 18446744073709551615, not '-1'.")]
    [InlineData("--distance 5 --eve bob", "--eve takes one of none, intercept-resend, photon-number-splitting, beam-splitting, not 'bob'.")]
    [InlineData("--distance 5 --eve beam-splitting --fraction 2", "--fraction takes a number from 0 to 1, not '2'.")]
    [InlineData("--distance 5 --fraction 0.5", "--fraction is the share of pulses that an eavesdropper attacks; say which by --eve.")]
    [InlineData("--distance 0 --pulses 1e12", "take fewer --pulses.")]
    [InlineData("--pulses 5", "'--distance' is required.")]
    public async Task Numbers_that_do_not_fit_are_named(string options, string message)
    {
        Requires.Launcher();
        QfResult run = (await QfRun.ToEndAsync(["qkd", "simulate", .. options.Split(' ')])).Ended(2);
        Assert.Contains(message, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_curve_is_drawn_and_says_that_it_is_simulated()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        string file = folder.At("curve.svg");
        QfResult run = (await QfRun.ToEndAsync(["qkd", "curve", "--out", file, "--pulses", "1e9", "--seed", "1"])).Ended(0);
        Assert.Contains("The points are of a simulated link: no photon was sent.", run.Lines);
        XNamespace svg = "http://www.w3.org/2000/svg";
        XElement root = XDocument.Load(file).Root!;
        Assert.Equal(svg + "svg", root.Name);
        Assert.Contains("simulated", root.Element(svg + "title")!.Value, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", root.Element(svg + "style")!.Value, StringComparison.Ordinal);
        foreach (string text in (string[])["length of the fibre, km", "secret key, bits per pulse", "theory, 1e9 pulses", "simulated, 1e9 pulses"])
            Assert.Contains(root.Elements(svg + "text"), element => element.Value == text);
        // Three curves, points on two of them, and a point of each in the legend.
        Assert.Equal(3, root.Elements(svg + "path").Count(path => path.Attribute("class")!.Value != "axis" && path.Attribute("d")!.Value.Contains('L', StringComparison.Ordinal)));
        Assert.InRange(root.Elements(svg + "circle").Count(), 10, 17);
        Assert.InRange(root.Elements(svg + "rect").Count(rect => rect.Attribute("class")?.Value == "point"), 3, 17);
    }

    [Fact]
    public async Task A_curve_that_cannot_be_written_is_said_before_anything_is_simulated()
    {
        Requires.Launcher();
        using TemporaryFolder folder = new();
        QfResult run = (await QfRun.ToEndAsync(["qkd", "curve", "--out", folder.At("no", "folder", "curve.svg")])).Ended(1);
        Assert.Single(run.ErrorLines);
    }
}
