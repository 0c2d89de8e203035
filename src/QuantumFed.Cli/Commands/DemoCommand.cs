using System.CommandLine;
using System.CommandLine.Parsing;
using QuantumFed.Protocol;
using QuantumFed.Trainers;

namespace QuantumFed.Cli;

/// <summary><c>qf demo</c>.</summary>
internal static class DemoCommand
{
    private const int DefaultCommitSeconds = 600;

    private const double LinkKilometres = 10;

    public static Command Create()
    {
        var data = new DatasetOptions();
        var training = new TrainingOptions();
        var trainer = new Option<string?>("--trainer")
        {
            Description = "Train at every member by this command instead, such as \"python3 network/examples/trainer/logistic_sgd.py\"; see docs/trainers.md.",
            HelpName = "COMMAND",
        };
        Option<int> limit = NumberOption.Whole(
            "--training-limit", "Seconds that members may take to train and commit in a round; who takes longer sits it out.", DefaultCommitSeconds, 1, 604_800);
        var output = new Option<string>("--out") { Description = "Folder of the workspace.", HelpName = "DIR", DefaultValueFactory = _ => "quantumfed-demo" };
        var keep = new Option<bool>("--keep") { Description = "Leave the network running until Ctrl-C." };
        var qkd = new Option<bool>("--qkd") { Description = "Lay a simulated quantum link (BB84) between each member and the coordinator, and seal every update with its keys too." };
        var eavesdrop = new Option<string?>("--eavesdrop") { Description = "With --qkd: tap the fibre of this member, by intercept-resend.", HelpName = "MEMBER" };
        var policy = new Option<string?>("--qkd-policy")
        {
            Description = "With --qkd: what a member does when its link gives no key: require (unless said), \"wait N s\", or allow-pq-only.", HelpName = "POLICY",
        };
        var json = new Option<bool>("--json") { Description = "Print every event as a JSON object on a line of its own, and nothing else." };
        var command = new Command("demo", "Run a consortium of hospitals on this machine, each party a process of its own: train one model on encrypted "
            + "updates over post-quantum channels, record every round on a ledger, and audit the result.");
        data.AddTo(command);
        training.AddTo(command);
        foreach (Option option in (Option[])[trainer, limit, output, keep, qkd, eavesdrop, policy, json])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.AreReadable([trainer]) && result.GetValue(trainer) is { } text && CommandLineParser.SplitCommandLine(text).FirstOrDefault() is null or "")
                result.AddError("--trainer takes a command, such as \"python3 trainer.py\".");
        });
        command.Validators.Add(result =>
        {
            if (!result.AreReadable([qkd, eavesdrop, policy]))
                return;
            if (result.GetValue(policy) is { } text && !LinkPolicy.TryParse(text, out _))
                result.AddError($"--qkd-policy takes require, \"wait N s\" (N = 1 to 3600) or allow-pq-only, not '{text}'.");
            if (!result.GetValue(qkd) && (result.GetValue(eavesdrop) ?? result.GetValue(policy)) is not null)
                result.AddError("--eavesdrop and --qkd-policy are about quantum links; add --qkd.");
        });
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            RunViews.Choose(parsed.GetValue(json), TimeProvider.System),
            (view, token) => DemoRunner.RunAsync(
                new DemoOptions(
                    data.Read(parsed), training.Read(parsed), TrainerOf(parsed.GetValue(trainer), parsed.GetValue(limit)),
                    TimeSpan.FromSeconds(parsed.GetValue(limit)), parsed.GetRequiredValue(output), parsed.GetValue(keep),
                    parsed.GetValue(qkd) ? LinksOf(parsed.GetValue(policy), parsed.GetValue(eavesdrop)) : null,
                    "./qf " + string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)))),
                view, TimeProvider.System, token),
            cancellation));
        return command;
    }

    // Files named in the command are meant from here; the members start it in their own folders.
    private static TrainerSettings? TrainerOf(string? command, int limit) => command is null
        ? null
        : new TrainerSettings([.. CommandLineParser.SplitCommandLine(command).Select(part => File.Exists(part) ? Path.GetFullPath(part) : part)], limit);

    private static LinkChoice LinksOf(string? policy, string? eavesdropped) => new(
        policy is null ? LinkPolicy.Require : LinkPolicy.Parse(policy), LinkKilometres, eavesdropped, "intercept-resend");

    private static string Quoted(string text) => text.Any(char.IsWhiteSpace) ? $"'{text}'" : text;
}
