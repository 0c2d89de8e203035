using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using QuantumFed.Learning;

namespace QuantumFed.Models.Tests;

/// <summary>The example of docs/model-file.md, as it stands there.</summary>
public sealed partial class PythonExampleTests
{
    [Theory]
    [InlineData(ModelKind.Logistic, 1e-12)]
    [InlineData(ModelKind.Softmax, 1e-5)]
    [InlineData(ModelKind.Mlp, 1e-5)]
    public async Task Its_probabilities_are_those_of_the_program(ModelKind kind, double tolerance)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))),
            "There is no python3 (Debian: apt-get install python3-minimal).");
        int classes = kind == ModelKind.Logistic ? 2 : 3;
        Assert.True(Standardisation.TryCreate([50, 2, -1], [8, 1.5, 3], out Standardisation? standardisation));
        ModelFile model = TestModels.File(
            TestModels.State(TestModels.Shape(kind, 3, classes), standardisation), ["a", "b", "c"], [.. Enumerable.Range(0, classes).Select(c => $"{c}")]);
        using TemporaryFile file = new(model.ToJson()), script = new(Example()), rows = new("a,b,c\n61,0.5,-7.25\n");
        double[] expected = [];
        TablePredictor.For(model)!.Predict(rows.Path, (_, _, probabilities) => expected = probabilities.ToArray(), TestContext.Current.CancellationToken);

        using Process python = Process.Start(new ProcessStartInfo("python3", ["-W", "ignore", script.Path, file.Path, "61", "0.5", "-7.25"]) { RedirectStandardOutput = true })!;
        string output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, python.ExitCode);
        using JsonDocument printed = JsonDocument.Parse(output);
        for (int c = 0; c < classes; c++)
            Assert.Equal(expected[c], printed.RootElement.GetProperty(c.ToString(CultureInfo.InvariantCulture)).GetDouble(), tolerance);
    }

    private static string Example([CallerFilePath] string thisFile = "")
    {
        string page = Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "docs", "model-file.md");
        Match example = Block().Match(File.ReadAllText(page));
        Assert.True(example.Success);
        return example.Groups["code"].Value;
    }

    [GeneratedRegex("```python\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
