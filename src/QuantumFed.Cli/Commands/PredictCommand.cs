using System.CommandLine;
using System.Globalization;
using QuantumFed.Models;

namespace QuantumFed.Cli;

/// <summary><c>qf predict</c>.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A file that qf model export wrote.", Required = true, HelpName = "FILE" };
        var csv = new Option<string>("--csv") { Description = "The rows: a CSV file whose first line names the columns.", Required = true, HelpName = "FILE" };
        var output = new Option<string>("--out") { Description = "The file to write, - for standard output.", HelpName = "FILE", DefaultValueFactory = _ => "-" };
        var json = new Option<bool>("--json") { Description = "Write a JSON object for each row, on a line of its own, instead of CSV." };
        var command = new Command("predict", "Use a trained model on a CSV file, without any network: one line for each row, with the class and its probability. Rows that "
            + "cannot be used are named on standard error.")
        {
            model, csv, output, json,
        };
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.FromResult(Predict(
                CommandRunner.PathOf("--model", parsed.GetRequiredValue(model)), CommandRunner.PathOf("--csv", parsed.GetRequiredValue(csv)),
                parsed.GetRequiredValue(output), parsed.GetValue(json), token)),
            cancellation));
        return command;
    }

    private static ExitCode Predict(string modelPath, string csvPath, string output, bool json, CancellationToken cancellation)
    {
        ModelFile model = ModelFile.Read(modelPath);
        if (TablePredictor.For(model) is not { } predictor)
            throw new ModelFileException(modelPath, "this is an opaque model; only the trainers of the federation's members can use it.");
        Tell($"{model.State.Shape}, round {model.Origin.Round}; digest verified: {model.Digest}");
        if (model.Own is { } own)
            Tell($"features are scaled by the training rows of '{own.Member}'; for another hospital's rows the predictions mean nothing.");
        if (!model.Origin.Audited)
            Tell("warning: the model was exported without an audit.");
        using PredictionTarget target = PredictionTarget.Open(output == "-" ? null : CommandRunner.PathOf("--out", output), modelPath, csvPath);
        RowPrediction take = json
            ? new PredictionJson(target.Text, model.ClassNames).Write
            : new PredictionCsv(target.Text, model.ClassNames).Write;
        PredictionSummary summary = predictor.Predict(csvPath, take, cancellation);
        foreach (string note in summary.Notes)
            Tell(note);
        if (summary.RowCount == 0)
            throw new InvalidDataException($"{NodeEvent.OneLine(csvPath)}: no row could be used{(summary.LeftOut > 0 ? "" : "; there is none after the first line")}.");
        target.Complete();
        Tell(string.Create(CultureInfo.InvariantCulture, $"{summary.RowCount} rows predicted, {summary.LeftOut} left out."));
        if (summary.Score is { } score)
        {
            string auc = score.Auc is { } area ? string.Create(CultureInfo.InvariantCulture, $"AUC {area:F4}") : "no AUC, as they have one class";
            Tell(string.Create(CultureInfo.InvariantCulture, $"against the labels of {score.RowCount} rows: accuracy {score.Accuracy:F4}, {auc}."));
        }
        return ExitCode.Success;
    }

    private static void Tell(string line) => Console.Error.WriteLine(NodeEvent.OneLine(line));
}
