using System.CommandLine;

namespace QuantumFed.Cli;

/// <summary><c>qf compare</c>.</summary>
internal static class CompareCommand
{
    private const double DefaultEpsilon = 8;
    private const double DefaultDelta = 1e-5;
    private const int DefaultCommitSeconds = 3600;

    public static Command Create()
    {
        var data = new DatasetOptions();
        var training = new TrainingOptions();
        Option<double?> epsilon = NumberOption.OptionalReal("--epsilon", "Epsilon of the way with Gaussian noise, for all rounds together. Default 8.", zero: false);
        Option<int> limit = NumberOption.Whole("--training-limit", "Seconds that members may take to train in a round.", DefaultCommitSeconds, 1, 604_800);
        var output = new Option<string>("--out")
        {
            Description = "Folder of the two networks' workspaces and of comparison.json.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "quantumfed-compare",
        };
        var network = new Option<bool>("--network-only") { Description = "Only the two federations over the network, in the clear and encrypted: for their times." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON; progress goes to standard error in any case." };
        var command = new Command("compare", "Train the same task pooled, by each hospital alone, federated in the clear, with Gaussian noise, with pairwise masks and by "
            + "QuantumFed, and tabulate accuracy, time, bytes and what the server sees. The machine should have nothing else to do.");
        data.AddTo(command);
        training.AddTo(command);
        foreach (Option option in (Option[])[epsilon, limit, network, output, json])
            command.Options.Add(option);
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => CompareRunner.RunAsync(
                new CompareOptions(
                    data.Read(parsed), training.Read(parsed), parsed.GetValue(epsilon) ?? DefaultEpsilon, DefaultDelta,
                    TimeSpan.FromSeconds(parsed.GetValue(limit)), parsed.GetValue(network), parsed.GetRequiredValue(output), parsed.GetValue(json)),
                Console.Out, Console.Error, TimeProvider.System, token),
            cancellation));
        return command;
    }
}
