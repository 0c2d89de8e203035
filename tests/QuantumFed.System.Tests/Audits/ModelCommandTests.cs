using System.Globalization;
using System.Text.Json;

namespace QuantumFed.System.Tests;

/// <summary>From a finished demo to predictions on a hospital's own rows.</summary>
public sealed class ModelCommandTests(FinishedDemo demo)
{
    [Fact]
    public async Task An_exported_model_predicts_as_the_report_says()
    {
        string workspace = await demo.WorkspaceAsync();
        using TemporaryFolder folder = new();
        string model = folder.At("model.json"), predictions = folder.At("predictions.csv");
        QfResult export = (await QfRun.ToEndAsync(["model", "export", "--workspace", workspace, "--out", model])).Ended(0);
        Assert.Contains("VERIFIED: 3 rounds", export.Output, StringComparison.Ordinal);
        JsonElement report = FinishedDemo.ReportOf(workspace), file = JsonDocument.Parse(File.ReadAllBytes(model)).RootElement;
        Assert.Equal(FinishedDemo.ModelHashes(report)[^1], file.GetProperty("modelDigest").GetString());
        Assert.True(file.GetProperty("audited").GetBoolean());
        foreach (JsonElement member in report.GetProperty("members").EnumerateArray())
        {
            string rows = Path.Combine(workspace, "members", member.GetProperty("name").GetString()!, "data", "test.csv");
            QfResult predict = (await QfRun.ToEndAsync(["predict", "--model", model, "--csv", rows, "--out", predictions])).Ended(0);
            Assert.Equal("", predict.Output);
            string score = string.Create(CultureInfo.InvariantCulture,
                $"accuracy {member.GetProperty("federatedAccuracy").GetDouble():F4}, AUC {member.GetProperty("federatedAuc").GetDouble():F4}.");
            Assert.Contains(score, predict.Error, StringComparison.Ordinal);
            Assert.Equal(member.GetProperty("testRows").GetInt32() + 1, File.ReadLines(predictions).Count());
        }

        // The same commands where something does not hold: no file is written, no file is lost.
        string rowsOfNorth = Path.Combine(workspace, "members", "north", "data", "test.csv");
        QfResult overwrite = (await QfRun.ToEndAsync(["predict", "--model", model, "--csv", rowsOfNorth, "--out", model])).Ended(2);
        Assert.Contains("names a file that is read", overwrite.Error, StringComparison.Ordinal);
        string altered = folder.At("altered.json");
        File.WriteAllText(altered, File.ReadAllText(model).Replace("\"biases\": [", "\"biases\": [1", StringComparison.Ordinal));
        QfResult refused = (await QfRun.ToEndAsync(["predict", "--model", altered, "--csv", rowsOfNorth])).Ended(5);
        Assert.Equal("", refused.Output);
        string copy = folder.CopyPublic(workspace);
        string consent = Path.Combine(copy, "consents", "north.signed");
        File.Delete(consent);
        string unaudited = folder.At("unaudited.json");
        QfResult failed = (await QfRun.ToEndAsync(["model", "export", "--workspace", copy, "--out", unaudited])).Ended(4);
        Assert.Contains("NOT VERIFIED", failed.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(unaudited));
        (await QfRun.ToEndAsync(["model", "export", "--workspace", copy, "--out", unaudited, "--no-audit"])).Ended(0);
        Assert.Equal(File.ReadAllText(model).Replace("\"audited\": true", "\"audited\": false", StringComparison.Ordinal), File.ReadAllText(unaudited));
    }
}
