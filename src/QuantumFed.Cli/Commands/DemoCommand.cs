using System.CommandLine;
using System.Globalization;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf demo</c>.</summary>
internal static class DemoCommand
{
    private const int DefaultMembers = 4;

    public static Command Create()
    {
        var dataset = new Option<string>("--dataset")
        {
            Description = "synthetic: generated hospital readmissions, needs nothing. heart: the four real hospitals of the UCI heart disease data, needs --data.",
            DefaultValueFactory = _ => SyntheticReadmissionSource.Name,
        };
        dataset.AcceptOnlyFromAmong(SyntheticReadmissionSource.Name, HeartDiseaseSource.Name);
        var data = new Option<string?>("--data") { Description = "Folder of the data set's files.", HelpName = "DIR" };
        Option<int> members = Number("--members", "How many hospitals, 3 to 16 (synthetic only).", DefaultMembers, 3, 16);
        Option<int> rounds = Number("--rounds", "Training rounds.", 10, 1, 1000);
        var algorithm = new Option<string>("--algorithm")
        {
            Description = "newton: logistic regression by Newton-Raphson on encrypted gradient and Hessian sums.",
            DefaultValueFactory = _ => "newton",
        };
        algorithm.AcceptOnlyFromAmong("newton");
        var standardise = new Option<string>("--standardise")
        {
            Description = "federated: features are scaled by encrypted joint sums, in a round before the others. centre: each hospital scales by its own training rows.",
            DefaultValueFactory = _ => "federated",
        };
        standardise.AcceptOnlyFromAmong("centre", "federated");
        var seed = new Option<long>("--seed")
        {
            Description = "Seed of data and training, never of keys.",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                if (long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long given))
                    return given;
                result.AddError($"--seed takes a whole number of 64 bits, not '{result.Tokens[0].Value}'.");
                return 0;
            },
        };
        var output = new Option<string>("--out") { Description = "Folder of the workspace.", HelpName = "DIR", DefaultValueFactory = _ => "quantumfed-demo" };
        var keep = new Option<bool>("--keep") { Description = "Leave the network running until Ctrl-C." };
        var json = new Option<bool>("--json") { Description = "Print every event as a JSON object on a line of its own, and nothing else." };
        var command = new Command("demo", "Run a consortium of hospitals on this machine, each party a process of its own: train one model on encrypted "
            + "updates over post-quantum channels, record every round on a ledger, and audit the result.")
        {
            dataset, data, members, rounds, algorithm, standardise, seed, output, keep, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(dataset) == HeartDiseaseSource.Name && result.GetResult(members) is { Implicit: false })
                result.AddError("--members does not go with --dataset heart: its hospitals are four.");
            // Validators run before defaults are filled in, so the default data set is no value here.
            if (result.GetValue(dataset) != HeartDiseaseSource.Name && result.GetValue(data) is not null)
                result.AddError("--data does not go with --dataset synthetic: its data is generated.");
        });
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            RunViews.Choose(parsed.GetValue(json), TimeProvider.System),
            (view, token) => DemoRunner.RunAsync(
                new DemoOptions(
                    parsed.GetRequiredValue(dataset), parsed.GetValue(data), parsed.GetValue(members), parsed.GetValue(rounds), TrainingMethod.Newton,
                    parsed.GetValue(standardise) == "federated" ? Standardise.Federated : Standardise.Centre, parsed.GetValue(seed),
                    parsed.GetRequiredValue(output), parsed.GetValue(keep)),
                view, TimeProvider.System, token),
            cancellation));
        return command;
    }

    private static Option<int> Number(string name, string description, int value, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given >= least && given <= most)
                return given;
            result.AddError($"{name} takes a number from {least} to {most}, not '{text}'.");
            return value;
        },
    };
}
